"""Every background job, by the name under which it is enqueued."""

from collections.abc import Mapping

from app.accounts import jobs as accounts
from app.attachments import jobs as attachments
from app.kit import mail
from app.kit.jobs import Job
from app.members import jobs as members
from app.receipts import jobs as receipts

# A name stays as long as rows may bear it: through a deployment, and as long as retries last.
JOBS: Mapping[str, Job] = {
    "accounts.mail_confirmation": accounts.mail_confirmation,
    "accounts.mail_confirmation_again": accounts.mail_confirmation_again,
    "accounts.mail_reset": accounts.mail_reset,
    "accounts.mail_unlock_link": accounts.mail_unlock_link,
    "accounts.tell": accounts.tell,
    "attachments.erase": attachments.erase,
    "attachments.forget_unattached": attachments.forget_unattached,
    "attachments.process": attachments.process,
    "members.pass_on_groups": members.pass_on_groups,
    "members.show_anew": members.show_anew,
    "mail.send": mail.send,
    "receipts.forget": receipts.forget_receipts,
}
