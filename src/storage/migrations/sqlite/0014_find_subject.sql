CREATE INDEX facts_subject ON facts (subject)
    WHERE kind IN ('refunded', 'refund_pending', 'disputed', 'dispute_won', 'dispute_lost',
        'dispute_prevented', 'dispute_unclear', 'inquiry');
