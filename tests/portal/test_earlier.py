"""Pages to take answers over: choose an application, tick, check what was taken over."""

import pytest
from django.test import Client

from tests import factories, stages
from tests.portal import drafting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_answers_are_taken_over_ticked_marked_and_no_longer_marked_once_their_page_is_saved() -> None:
    stages.ministry()
    owner = factories.applicant()
    client = factories.signed_in(Client(), owner)
    reference = drafting.start(client)
    address = f"/drafts/{reference}/"
    assert "earlier application" not in page(client, address)
    assert "There is no other application" in page(client, f"{address}take-over/")

    earlier = stages.sent(owner)
    assert f'href="{address}take-over/"' in page(client, address)
    assert earlier.reference in page(client, f"{address}take-over/")
    choosing = f"{address}take-over/{earlier.reference}/"
    shown = page(client, choosing)
    assert 'id="take_surname" aria-describedby="is_surname" checked' in shown
    assert 'id="take_arrival_date" aria-describedby="is_arrival_date">' in shown  # the journey is another one
    assert "true_and_complete" not in shown

    refused = client.post(choosing, {"revision": "0"})
    assert refused.status_code == 422
    assert "Please tick at least one answer." in refused.content.decode()
    for revision in ("7", "", "²", "9" * 40):
        conflict = client.post(choosing, {"revision": revision, "take": ["arrival_date"]})
        assert conflict.status_code == 409
        assert (
            'id="take_arrival_date" aria-describedby="is_arrival_date" checked' in conflict.content.decode()
        )
    assert drafting.stored(reference).data == {}

    everything = [question.id for question in drafting.FORM.questions if question.id != "sex"]
    done = client.post(choosing, {"revision": "0", "take": everything}, follow=True)
    assert "were taken over" in done.content.decode()
    assert "Taken over, please check" in done.content.decode()
    stored = drafting.stored(reference)
    assert stored.data == {key: value for key, value in earlier.answers.data.items() if key != "sex"}
    assert page(client, f"{address}review/").count("you have not looked at yet") == 1

    identity = f"{address}identity/"
    typed = drafting.hidden(client.get(identity)) | drafting.answered("identity")
    assert page(client, identity).count("Taken over, please check.") > 5
    assert client.post(identity, {**typed, "quiet": "yes"}).status_code == 200
    assert "Taken over, please check." in page(client, identity)  # typing alone is not looking
    typed |= drafting.hidden(client.get(identity))
    assert client.post(identity, typed).status_code == 302
    assert "Taken over, please check." not in page(client, identity)
    assert "Taken over, please check." in page(client, f"{address}passport/")


def test_somebody_elses_application_is_not_there() -> None:
    stages.ministry()
    theirs = stages.sent()
    client = factories.signed_in(Client(), factories.applicant())
    mine = drafting.start(client)
    for address in (f"/drafts/{mine}/take-over/{theirs.reference}/", f"/drafts/{mine}/take-over/nonsense/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"take": ["surname"], "revision": "0"}).status_code == 404
    assert drafting.stored(mine).data == {}
