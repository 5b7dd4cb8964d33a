"""How a session finds its person again: by kind, so that an account of another kind, or closed, is out at once."""

from django.contrib.auth.backends import BaseBackend

from consular.accounts.models import Kind, User


class ByKind(BaseBackend):
    """Loads active accounts of one kind. It checks no credentials: `codes`, `passwords` and `factors` do."""

    kind: Kind

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, kind=self.kind, is_active=True).first()


class ApplicantByCode(ByKind):
    """Applicants, after a code by e-mail."""

    kind = Kind.APPLICANT


class StaffByFactor(ByKind):
    """Staff, after password and second factor."""

    kind = Kind.STAFF
