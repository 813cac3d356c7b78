"""What messages are searched by: their folded words, and an index of the pieces of these."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

# The schema is named because an index must not depend on the search path. Folding is, from the
# inside: one form for what is written in several; without what is not drawn (soft hyphens, zero
# widths, marks of direction, joiners and selectors of emoji); without accents; without capitals;
# and the final sigma is like any other.
_FOLD = r"""
    CREATE FUNCTION search_fold(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT translate(lower({schema}.unaccent(
            '{schema}.unaccent'::regdictionary,
            translate(
                normalize($1, NFKC),
                U&'\00AD\200B\200C\200D\200E\200F\2060\FEFF\FE0E\FE0F',
                ''
            )
        )), U&'\03C2', U&'\03C3')
    $$
"""

# The pieces of a text: each letter, and each two and three in a row, in 14 bits for each letter.
# What says something alone is a piece of its own: what is above U+206F, Chinese, Japanese and
# Korean characters, emoji and other signs. pg_trgm has no words of fewer than three letters, no
# signs, and in many databases (ours among them: their locale is C) no letters but those of ASCII.
_GRAMS = """
    CREATE FUNCTION search_grams(text) RETURNS bigint[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    DECLARE
        letter text;
        code bigint;
        first bigint := 0;
        second bigint := 0;
        grams bigint[] := '{}';
    BEGIN
        FOREACH letter IN ARRAY string_to_array($1, NULL) LOOP
            code := ascii(letter);
            IF code > 32 THEN
                grams := grams || code;
            END IF;
            IF code <= 32 OR code > 8303 THEN
                first := 0;
                second := 0;
                CONTINUE;
            END IF;
            IF second > 0 THEN
                grams := grams || (second << 14 | code);
            END IF;
            IF first > 0 THEN
                grams := grams || (first << 28 | second << 14 | code);
            END IF;
            first := second;
            second := code;
        END LOOP;
        RETURN grams;
    END
    $$
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    schema = op.get_bind().scalar(
        sa.text("SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'unaccent'")
    )
    op.execute(_FOLD.replace("{schema}", str(schema)))
    op.execute(_GRAMS)
    # It writes the table anew.
    op.add_column(
        "messages", sa.Column("search_text", sa.String, sa.Computed("search_fold(body)", True))
    )
    # Its conversation and author are in it, too: what others say costs no look at their messages.
    # Whoever posts puts the pieces on a list, and whoever makes it too long puts all of them where
    # they belong. A short list makes for short waits.
    op.create_index(
        "ix_messages_search",
        "messages",
        [
            sa.text("search_grams(search_text)"),
            sa.text("(ARRAY[conversation_id])"),
            sa.text("(ARRAY[user_id])"),
        ],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    )


def downgrade() -> None:
    op.drop_index("ix_messages_search", "messages")
    op.drop_column("messages", "search_text")
    op.execute("DROP FUNCTION search_grams(text)")
    op.execute("DROP FUNCTION search_fold(text)")
    op.execute("DROP EXTENSION unaccent")
