-- Rules that hit too many units to be the units' fault: work for whoever keeps the
-- rules.
{{ findings_of("engineer") }}
