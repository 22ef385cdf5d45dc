"""Search by pairs of characters: Chinese words are mostly two long, and a trigram needs three."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

# Every character and every pair of neighbours, once each. Its cost is told honestly, so that the planner asks the
# index and never works it out row by row.
GRAMS = """
CREATE OR REPLACE FUNCTION gongzhi_grams(words text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000 AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{}')
      FROM (SELECT one, one || lead(one) OVER (ORDER BY at) AS two
              FROM unnest(string_to_array(words, NULL)) WITH ORDINALITY AS letter (one, at)) AS letters,
           LATERAL (VALUES (one), (two)) AS grams (gram)
     WHERE gram IS NOT NULL
$$
"""
# The public title and the place in words and nothing else: what is sealed never goes into an index (0009).
INDEX = """
CREATE INDEX case_words ON cases_caserecord USING gin (gongzhi_grams(title || E'\\n' || place_text))
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_support")]

    operations = [
        migrations.RunSQL(GRAMS, "DROP FUNCTION gongzhi_grams(text)"),
        migrations.RunSQL(INDEX, "DROP INDEX case_words"),
        migrations.RemoveIndex(model_name="caserecord", name="case_title_words"),
        migrations.RemoveIndex(model_name="caserecord", name="case_place_words"),
        migrations.AddIndex(
            model_name="caserecord",
            index=GinIndex(fields=["code"], name="case_code_digits", opclasses=["gin_trgm_ops"]),
        ),
    ]
