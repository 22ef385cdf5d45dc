"""What the phone's script says, in the reader's language."""

from django.utils.translation import gettext as _


def script_words() -> dict[str, str]:
    """Sentences by the names field.js knows."""
    return {
        "offline": _("No signal. What you write stays here and is sent when there is one."),
        "sending": _("Sending…"),
        "sent": _("It has been sent"),
        "no_signal": _("No signal: not sent yet. It stays here and is tried again."),
        "server_away": _("Our side does not answer: not sent yet. It stays here and is tried again."),
        "not_taken": _("It was not taken. Reload the page and try again; what you wrote stays."),
        "photo": _("Photo %(n)s"),
        "drop_photo": _("Leave photo %(n)s out"),
        "how_far": _("How far?"),
        "metres_away": _("about %(n)s m from you"),
        "km_away": _("about %(n)s km from you"),
        "no_position": _("the phone does not tell where you are"),
        "no_position_map": _("The phone does not tell where you are. Tap the map or write the place."),
        "locating": _("Finding the place…"),
        "located": _("Place marked, to within about %(n)s m."),
        "marked": _("Place marked on the map."),
    }
