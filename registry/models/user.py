"""Who logs in. What a user may do comes from grants, never from Django's own permissions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user


class User(AbstractBaseUser):
    """An account. There is no superuser: rights are verbs granted on organisations."""

    username = models.CharField(
        _("user name"),
        max_length=50,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("There is already an account of this name. Choose another.")},
    )
    name = models.CharField(_("name"), max_length=50, help_text=_("As it stands in the log."))
    is_active = models.BooleanField(
        _("may log in"), default=True, help_text=_("Accounts are closed, never deleted.")
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        """The admin is the site, so whoever may log in may enter it."""
        return self.is_active

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's global permissions grant nothing here; ``ScopedModelAdmin`` asks the grants."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False
