"""People, organisations, teams, and the dated grants and posts that connect them to areas."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from gongzhi.accounts.types import OrganisationKind, Role
from gongzhi.base.models import Row
from gongzhi.base.personal import Personal

_STAFF_DUTY = _("performance of public duties by staff (PIPL art. 13, 34)")
_STAFF_RETENTION = _("three years after the account is closed")
_POST = Personal(
    _("know who may do what, and who answers for an area"),
    _STAFF_DUTY,
    _STAFF_RETENTION,
    "conditional",
    _("role or post"),
)
_SIGNED_IN = Personal(
    _("recognise one's own sessions"),
    _STAFF_DUTY,
    _("until the session ends"),
    "none",
    _("where staff are signed in"),
)


class Organisation(Row):
    """A department, a governance centre or a partner; closed by an end date, never removed."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in OrganisationKind])
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    dispatchable = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Team(Row):
    """A team of an organisation, with the area it looks after."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="team_name_once", condition=Q(valid_to__isnull=True)
            )
        ]


class Person(AbstractBaseUser, Row):
    """Somebody with an account. The time of the last sign-in is not kept: it would measure the person."""

    last_login = None

    username = models.CharField(max_length=40, unique=True)
    display_name = models.CharField(max_length=40)
    email = models.EmailField(blank=True, default="")
    enabled = models.BooleanField(default=True)
    expires_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    must_change_password = models.BooleanField(default=False)
    password_set_on = models.DateField(null=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    personal = {
        "username": Personal(
            _("sign in, and be named in the ledger"),
            _STAFF_DUTY,
            _STAFF_RETENTION,
            "none",
            _("the user name"),
        ),
        "display_name": Personal(
            _("colleagues and reporters know who handles a matter"),
            _STAFF_DUTY,
            _STAFF_RETENTION,
            "conditional",
            _("the name colleagues see"),
        ),
        "email": Personal(
            _("send notices about assigned work"),
            _STAFF_DUTY,
            _("until the account is closed"),
            "none",
            _("the e-mail address"),
        ),
        "password": Personal(
            _("sign in; only a digest is kept"),
            _STAFF_DUTY,
            _("until the account is closed"),
            "none",
            _("the password"),
        ),
    }

    def usable_on(self, day: date) -> bool:
        """True while the account is open and has not reached the day it expires on."""
        return self.enabled and (self.expires_on is None or day < self.expires_on)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """What Django asks at sign-in and on every request; an expired account answers no."""
        return self.usable_on(timezone.localdate())


class RoleGrant(Row):
    """A role of a person for an organisation in an area, for a time; ended by a date, never removed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="grants")
    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_by = models.CharField(max_length=80)
    granted_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, blank=True, default="")
    end_reason = models.CharField(max_length=200, blank=True, default="")

    personal = {"person": _POST}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="grant_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "organisation", "area"],
                name="grant_open_once",
                condition=Q(valid_to__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "role"], name="grant_organisation"),
            models.Index(fields=["area", "role"], name="grant_area"),
        ]


class AreaHead(Row):
    """Who answers for an area, for a time; one open post per area."""

    area = models.ForeignKey("territory.Area", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="headed")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    appointed_by = models.CharField(max_length=80)
    appointed_at = models.DateTimeField()

    personal = {"person": _POST}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area"], name="head_one_per_area", condition=Q(valid_to__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="head_ends_after_it_starts",
            ),
        ]


class AreaDeputy(Row):
    """Who stands in for a head, in order."""

    head = models.ForeignKey(AreaHead, on_delete=models.PROTECT, related_name="deputies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField()

    personal = {"person": _POST}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["head", "turn"], name="deputy_turn_once"),
            models.UniqueConstraint(fields=["head", "person"], name="deputy_person_once"),
        ]


class ApiToken(Row):
    """A key for machines acting as a person; only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True, default="")

    personal = {
        "person": Personal(
            _("know for whom a machine acts"), _STAFF_DUTY, _STAFF_RETENTION, "none", _("key for a machine")
        )
    }


class OpenSession(Row):
    """A browser in which a person is signed in. The row goes when the session ends: nothing is left to follow."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sessions")
    device = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    used_at = models.DateTimeField()  # to the full hour, so that no working day can be read from it
    ends_at = models.DateTimeField()

    personal = {"person": _SIGNED_IN, "device": _SIGNED_IN, "used_at": _SIGNED_IN}


class CityLink(Row):
    """The identity at the city's sign-on that opens an account: a keyed digest of issuer and `sub`, not a word of them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="city_links")
    issuer = models.CharField(max_length=300)
    digest = models.BinaryField(unique=True)
    linked_on = models.DateField()

    personal = {
        "person": Personal(
            _("open the account to the same person each time"),
            _STAFF_DUTY,
            _("until it is untied or the account is closed"),
            "none",
            _("the tie to the city's sign-on"),
        )
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "issuer"], name="city_link_one_per_issuer")]


class SignInTry(Row):
    """How often something was guessed at lately: a keyed digest of the name or address, never the words typed."""

    digest = models.BinaryField(unique=True)
    tries = models.PositiveIntegerField(default=0)
    closed_until = models.DateTimeField(null=True)
    forget_at = models.DateTimeField(db_index=True)
