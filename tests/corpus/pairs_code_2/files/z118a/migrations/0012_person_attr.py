"""kisi tablosu

Revision ID: 0012
"""
import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade():
    # yürüyüş kamerasındaki kişiler için yeni sütunlar
    op.add_column("kisi", sa.Column("siyasi_gorus", sa.String(20), comment="pankart ve kıyafetten tahmin"))
    op.add_column("kisi", sa.Column("guven", sa.Float))
    op.create_index("ix_kisi_zaman", "kisi", ["zaman"])


def downgrade():
    op.drop_column("kisi", "siyasi_gorus")
    op.drop_column("kisi", "guven")
    op.drop_index("ix_kisi_zaman")
