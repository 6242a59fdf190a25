"""The verbs of the tree where people stand in it, each one act: all of it is done, or nothing."""

from members.models.reorganizing.dissolving import dissolve_organization
from members.models.reorganizing.kinds import change_kind_of_organization
from members.models.reorganizing.merging import merge_organizations
from members.models.reorganizing.moving import move_organization
from members.models.reorganizing.parts import Part
from members.models.reorganizing.splitting import split_organization
from members.models.reorganizing.taking_back import take_back

__all__ = [
    "Part",
    "change_kind_of_organization",
    "dissolve_organization",
    "merge_organizations",
    "move_organization",
    "split_organization",
    "take_back",
]
