"""How tests of the desk sign in."""

import re

PASSWORD = "violet kettle answers thunder"
SIGN_IN, SECOND, FACTORS = "/desk/sign-in/", "/desk/second-factor/", "/desk/factors/"


def give_password(client, user, **more):
    return client.post(SIGN_IN, {"email": user.email, "password": PASSWORD, **more})


def options_of(page):
    text = re.search(r'data-options="([^"]*)"', page.content.decode()).group(1)
    return text.replace("&quot;", '"')


def change_password(client, **typed):
    new = "maple lantern crosses rivers"
    return client.post("/desk/password/", {"present": PASSWORD, "new": new, "again": new, **typed})
