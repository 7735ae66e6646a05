"""What takes a letter to its receiver. The authority's own mailing system reads a folder; without one, the registry."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from workflow_app.letters.models import Letter, Sending


def hand_over(letter: Letter) -> Sending.Transport:
    """Hand a letter over. The same letter again leaves one file, or asks the registry once more."""
    folder = settings.BEREDD_LETTER_FOLDER
    if folder:
        _leave(letter, Path(folder))
        return Sending.Transport.FOLDER
    _ask_registry(letter)
    return Sending.Transport.REGISTRY


def _leave(letter: Letter, folder: Path) -> None:
    """Write the file under another name first: the mailing system must never see half a letter."""
    folder.mkdir(parents=True, exist_ok=True)
    number = letter.request.case.case_number.replace(" ", "_").replace("/", "_")
    target = folder / f"{number}-{letter.request.letter}-{letter.pk}.pdf"
    unfinished = target.with_suffix(".part")
    unfinished.write_bytes(bytes(letter.pdf))
    os.replace(unfinished, target)


def _ask_registry(letter: Letter) -> None:
    """The mail names the case, never what the letter says."""
    send_mail(
        subject=_("Letter to send: %(case)s") % {"case": letter.request.case.case_number},
        message=_("Open the case in Beredd, print the letter that waits there and send it."),
        from_email=None,
        recipient_list=[settings.BEREDD_REGISTRY_EMAIL],
    )
