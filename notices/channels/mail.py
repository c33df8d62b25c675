"""Electronic mail through Django's own backend; our number is the Message-ID."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME

from notices.channels.message import Bounced, Message, Mute, Unavailable


class Mail(Mute):
    def send(self, message: Message) -> str:
        number = f"<{message.number}@{DNS_NAME.get_fqdn()}>"
        body = f"{message.letter}\n\n{message.url}" if message.url else message.letter
        letter = EmailMessage(
            subject=" ".join(message.title.split()),
            body=body,
            to=[message.to],
            headers={"Message-ID": number, "Auto-Submitted": "auto-generated"},
        )
        try:
            letter.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _said in refusal.recipients.values()]
            if codes and all(code >= 500 for code in codes):
                raise Bounced(f"SMTP {codes[0]}") from refusal
            raise Unavailable("SMTP") from refusal
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(type(error).__name__) from error
        return number
