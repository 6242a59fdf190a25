"""The standing of members: the section on a record's page, its verbs, and the lists.

``members.admin.standing.lists`` loads the pages of the lists; nothing is loaded here, because the
verbs of a member's page stand in this room too.
"""
