"""What people send besides words, and where it is kept."""

from pydantic import BaseModel, Field, SecretStr

from app.kit.settings.values import StorageUrl


class StorageSettings(BaseModel, frozen=True):
    """Attachments: in the data folder, or `file:///folder`, or `s3://bucket/prefix` anywhere."""

    storage_url: StorageUrl = ""
    storage_endpoint: str = ""
    storage_region: str = "us-east-1"
    storage_access_key: SecretStr | None = None
    storage_secret_key: SecretStr | None = None
    # With S3: clients are sent there by an address that is good for so long. 0: they are not.
    storage_redirect_seconds: int = Field(0, ge=0, le=3600)

    # A photo of any telephone, and a minute of film. Of one person: some hundreds of them.
    attachment_max_bytes: int = Field(25 * 1024 * 1024, ge=1)
    attachment_quota_bytes: int = Field(5 * 1024**3, ge=1)
    # As many as go into a message. Each holds a part of 5 MiB in memory.
    attachment_uploads_at_once_max: int = Field(10, ge=1)
    # By telephone, from a train: 25 MiB at 350 kbit/s.
    attachment_upload_max_seconds: float = Field(600, gt=0)
    attachment_unattached_lasts_hours: int = Field(24, ge=1)

    # Of all frames together: a picture of 50 million pixels takes 200 MB, and twice that while it
    # is turned. One at a time in each process.
    image_max_pixels: int = Field(50_000_000, ge=1)
    image_max_seconds: float = Field(30, gt=0)
    image_memory_max_bytes: int = Field(1024**3, ge=2**28)
    thumbnail_max_pixels: int = Field(512, ge=16)  # Of its longest side.
