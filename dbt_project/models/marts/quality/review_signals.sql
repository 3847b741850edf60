-- Patterns worth a look, kept apart from the alerts: they accuse nobody and block
-- nothing.
{{ findings_of("review") }}
