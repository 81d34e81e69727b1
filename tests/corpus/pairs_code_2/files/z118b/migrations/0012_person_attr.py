"""kisi tablosu

Revision ID: 0012
"""
import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade():
    # siyasi görüş artık tahmin edilmiyor, eski veri de siliniyor
    op.drop_column("kisi", "siyasi_gorus")
    op.drop_column("kisi", "guven")
    op.create_index("ix_kisi_zaman", "kisi", ["zaman"])


def downgrade():
    op.drop_index("ix_kisi_zaman")
