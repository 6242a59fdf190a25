"""Rows that belong to the database itself: which field key it was sealed with, running numbers."""

from __future__ import annotations

from django.db import models, transaction

from registry import encryption
from registry.fields import EncryptedTextField

SAMPLE = "the key fits"


class KeyCheck(models.Model):
    """A known text sealed with one key: the proof that the key file belongs to this database."""

    key_id = models.CharField(max_length=20, unique=True)
    sample = EncryptedTextField(purpose="key check")

    def __str__(self) -> str:
        return self.key_id

    @classmethod
    def fits(cls) -> bool:
        """Return whether every key this database knows opens its sample; seal one if none is."""
        try:
            known = {check.key_id: check.sample for check in cls.objects.all()}
        except encryption.WrongKey:
            return False
        active = encryption.active_key()
        if active not in known:
            cls.objects.get_or_create(key_id=active, defaults={"sample": SAMPLE})
        return all(sample == SAMPLE for sample in known.values())

    @classmethod
    def forget(cls, key_id: str) -> None:
        """The key is about to be taken out of the file: nothing is sealed with it any more."""
        cls.objects.filter(key_id=key_id).delete()


class Counter(models.Model):
    """The last number given out under a name; a number is never given twice."""

    name = models.CharField(max_length=50, primary_key=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"

    @classmethod
    def take(cls, name: str, how_many: int = 1) -> range:
        """Return the next ``how_many`` numbers. Call it within the transaction that uses them."""
        with transaction.atomic():
            counter, _ = cls.objects.select_for_update().get_or_create(name=name)
            first = counter.last + 1
            counter.last += how_many
            counter.save(update_fields=["last"])
        return range(first, counter.last + 1)
