// Made of openapi.yaml by generate.mjs: change that.
export interface paths {
    "/payments/ticket-ids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List ticket ids */
        get: operations["listTicketIds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/ticket-scopes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Note where tickets are */
        post: operations["noteTicketScopes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List payment options */
        post: operations["listPaymentOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List ticket transactions */
        post: operations["listTicketTransactions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search transactions */
        post: operations["searchTransactions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start payment */
        post: operations["startPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Find transactions */
        post: operations["findTransactions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/sums": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sum money */
        post: operations["sumMoney"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Export CSV */
        post: operations["exportCsv"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/transaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get transaction */
        post: operations["getTransaction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read message */
        post: operations["readMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask provider */
        post: operations["askProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add note */
        post: operations["addNote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reveal */
        post: operations["reveal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/person/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Export a visitor’s data */
        post: operations["exportPerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/person/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erase a visitor’s data */
        post: operations["erasePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List reviews */
        get: operations["listReviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/review/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close review */
        post: operations["closeReview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List actions */
        post: operations["listActions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/events/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List events */
        post: operations["listEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/events/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replay events */
        post: operations["replayEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/events/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Skip events */
        post: operations["skipEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List messages */
        post: operations["listMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/messages/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retry message */
        post: operations["retryMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/events/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send test event */
        post: operations["sendTestEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get health */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refund payment */
        post: operations["refundPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/refund-runs/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Plan a refund run */
        post: operations["planRefunds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/refund-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a refund run */
        post: operations["startRefundRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/refund-runs/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List refund runs */
        post: operations["listRefundRuns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/refund-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get a refund run */
        post: operations["getRefundRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/refund-run/steer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Steer a refund run */
        post: operations["steerRefundRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/settlement/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List settlement files */
        get: operations["listSettlementFiles"];
        put?: never;
        /** Import a settlement file */
        post: operations["importSettlement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/settlement/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the settlement report */
        get: operations["getSettlementReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/settlement/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the close of a month */
        get: operations["getMonthClose"];
        put?: never;
        /** Close a month for good */
        post: operations["closeMonth"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/settlement/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List events of settlements */
        get: operations["listSettlementEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/settlement/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List findings */
        get: operations["listFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/settlement/payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List payouts */
        get: operations["listPayouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/settlement/payouts/{payout}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the lines of a payout */
        get: operations["listPayoutLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/settlement/findings/{finding}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept a finding */
        post: operations["acceptFinding"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/settlement/findings/{finding}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reopen a finding */
        post: operations["reopenFinding"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/exports/{format}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export the books */
        get: operations["exportBooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close payment */
        post: operations["closePayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/simplepay/backref": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** SimplePay backref */
        post: operations["simplePayBackref"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can the service take requests */
        get: operations["readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This contract */
        get: operations["openApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Format: int64
         * @description The ticket's id in the tickets service.
         * @example 42
         */
        TicketId: number;
        /**
         * Format: int64
         * @description The transaction's id; never reused.
         * @example 123
         */
        TransactionId: number;
        /**
         * @description `{FEE_TYPE}-{CURRENCY}-{PROCESSOR}`: what is paid, in what, and through whom. The processor is `SIMPLE` or
         *     `STRIPE-INTENTS`, the currency an ISO 4217 code.
         * @example NORMAL-TOTAL-FEE-EUR-SIMPLE
         * @example FULL-FEE-HUF-STRIPE-INTENTS
         */
        Code: string;
        /**
         * @description In the currency's major unit, with no more decimals than it has.
         * @example 220
         * @example 220.5
         * @example 104000
         */
        Amount: number;
        /**
         * @description ISO 4217.
         * @example EUR
         * @example HUF
         * @example USD
         */
        Currency: string;
        /**
         * @description The last part of the code.
         * @enum {string}
         */
        PaymentMode: "SIMPLE" | "STRIPE-INTENTS";
        OptionsRequest: {
            ticket_id: components["schemas"]["TicketId"];
            /**
             * @description The ticket's status in the tickets service.
             * @example registered
             * @example transferred
             */
            ticket_status: string;
            template: components["schemas"]["Template"];
            /** @description The ticket's metas. */
            metas?: components["schemas"]["TicketMeta"][] | null;
        };
        TicketMeta: {
            /** @example transfer_price_eur */
            keyword: string;
            /**
             * @description A text; a number is taken as its decimal text.
             * @example 20.5
             */
            value?: string | number | null;
        };
        /** @description The ticket's template as the tickets service lists it; members that are not named here are ignored. */
        Template: {
            /**
             * @description The template's id.
             * @example 7
             */
            id?: unknown;
            /**
             * @description The template's name.
             * @example Festival ticket 2027
             */
            title?: unknown;
            /**
             * @description A number or text.
             * @example 2027
             */
            year?: unknown;
            /**
             * @description Which event it is for.
             * @example OZORA
             */
            event?: unknown;
            payment_options: components["schemas"]["TemplateOption"][];
        };
        /** @description One way to pay, as the template's author wrote it. */
        TemplateOption: {
            /**
             * @description A payment code, `{FEE_TYPE}-{CURRENCY}-{PROCESSOR}`. An option with any other text is not offered.
             * @example NORMAL-TOTAL-FEE-EUR-SIMPLE
             */
            code: string;
            /** @description Shown to the visitor; made from the code where it is missing. */
            title?: string | null;
            /** @description Shown to the visitor. */
            note?: string | null;
            /**
             * @description What is to be paid, in major units; 0 is a free ticket.
             * @example 220
             * @example 220.5
             */
            amount?: number | null;
            /**
             * @description For tickets in which status.
             * @default [
             *       "registered"
             *     ]
             */
            ticket_statuses: string[] | null;
            /**
             * Format: date-time
             * @description First moment of the offer.
             */
            valid_from?: string | null;
            /**
             * Format: date-time
             * @description First moment after the offer.
             */
            valid_until?: string | null;
        };
        /** @description Something the ticket may pay now. */
        PaymentOption: {
            code: components["schemas"]["Code"];
            title: string;
            note: string;
            amount: components["schemas"]["Amount"];
            currency: components["schemas"]["Currency"];
            payment_mode: components["schemas"]["PaymentMode"];
        };
        StartRequest: {
            ticket_id: components["schemas"]["TicketId"];
            /**
             * @description A payment code that [List payment options](#tag/Tickets/operation/listPaymentOptions) offers for this ticket. One
             *     that is malformed or not on offer is 422 `code-not-offered`.
             * @example NORMAL-TOTAL-FEE-EUR-SIMPLE
             */
            code: string;
            metas?: components["schemas"]["BillingData"];
        };
        /**
         * @description Who pays. Members that are not named here are kept with the transaction. SimplePay needs an e-mail: without
         *     `email` here the ticket's is taken, and without either the answer is 400 naming `/metas/email`. A text is
         *     at most 255 characters.
         */
        BillingData: ({
            /** @example visitor@example.com */
            email?: string | null;
            /** @example Éva Kovács */
            name?: string | null;
            company?: string | null;
            tax_number?: string | null;
            /**
             * @description ISO 3166, two letters.
             * @example HU
             */
            country?: string | null;
            state?: string | null;
            city?: string | null;
            zip?: string | null;
            address?: string | null;
            address2?: string | null;
            phone?: string | null;
            /**
             * @description Of the payment page, two letters.
             * @example hu
             */
            language?: string | null;
        } & {
            [key: string]: unknown;
        }) | null;
        StartReply: {
            /** @description False for a free ticket, which is paid at once; true otherwise. */
            required_additional_action: boolean;
            /**
             * Format: uri
             * @description Where to send the visitor (SimplePay), else null.
             */
            redirect_url: string | null;
            /** @description For Stripe in the visitor's browser, else null. Hand it to nobody else. */
            client_secret: string | null;
            transaction_id: components["schemas"]["TransactionId"];
        };
        BackrefReply: {
            /**
             * @description SimplePay's word about the visitor's try.
             * @enum {string}
             */
            message: "SUCCESS" | "FAIL" | "CANCEL" | "TIMEOUT";
            transaction_id: components["schemas"]["TransactionId"];
            ticket_id: components["schemas"]["TicketId"];
            /**
             * @description SimplePay's id, to be shown to the visitor after SUCCESS and FAIL; else null.
             * @example 512345678
             */
            provider_transaction_id: string | null;
            status: components["schemas"]["Status"];
        };
        /**
         * @description What is known of the transaction; see the table under Transactions.
         * @enum {string}
         */
        Status: "created" | "pending" | "unknown" | "authorized" | "paid" | "failed" | "cancelled" | "expired" | "partially_refunded" | "refunded" | "disputed" | "review";
        Reviews: {
            /** @description The oldest first. */
            reviews: components["schemas"]["Review"][];
            /** @description How many there are in all of what is asked for; of each sort at most 10 000 are counted. */
            total: number;
            /** @description What to give as `after` for what follows; null at the end. */
            next: string | null;
        };
        /** @description Something a person must look at. `transaction` or `message` says what it is about; the other is null. */
        Review: {
            kind: components["schemas"]["ReviewKind"];
            number: components["schemas"]["ReviewNumber"];
            /** Format: date-time */
            since: string;
            /**
             * @description For people.
             * @example amount differs: 210 EUR captured instead of 220 EUR
             */
            reason: string;
            /** @description For people. */
            what_to_do: string;
            transaction: {
                id: components["schemas"]["TransactionId"];
                reference: string;
                ticket_id: components["schemas"]["TicketId"];
                code: components["schemas"]["Code"];
                amount: components["schemas"]["Amount"];
                currency: components["schemas"]["Currency"];
                status: components["schemas"]["Status"];
                processor: components["schemas"]["PaymentMode"];
                provider_transaction_id: string | null;
            } | null;
            message: {
                message_id: components["schemas"]["MessageId"];
                processor: components["schemas"]["PaymentMode"];
                /** @description The provider's id of the message, or the SHA-256 of its body. */
                identity: string;
                /** Format: date-time */
                received_at: string;
            } | null;
            /** @description Who has it, having taken it or put it off; null for nobody. */
            owner: {
                sub: string;
                name: string;
                /** Format: date-time */
                since: string;
            } | null;
            /**
             * Format: date-time
             * @description While it is put off.
             */
            snoozed_until: string | null;
            /** @description What was done last with it; it stays when something new has brought the entry back. */
            handled: {
                as: components["schemas"]["Handling"];
                by: components["schemas"]["Actor"];
                /** Format: date-time */
                at: string;
                /** Format: date-time */
                until: string | null;
                note: string | null;
            } | null;
            /** @description A person may close entries of this kind. */
            closable: boolean;
        };
        /** @enum {string} */
        ReviewKind: "mismatch" | "contradiction" | "duplicate" | "unconfirmed" | "unknown" | "authorized" | "overdue" | "still_payable" | "refund_unknown" | "refund_failed" | "dispute" | "inquiry" | "fraud_warning" | "foreign_payment" | "unmatched_message" | "dead_letter";
        /**
         * Format: int64
         * @description With the kind it names the entry; the number of its transaction, message or outgoing event.
         */
        ReviewNumber: number;
        /** @enum {string} */
        Handling: "mine" | "released" | "snoozed" | "closed";
        /** @description Who did it, as their token or session said. */
        Actor: {
            sub: string;
            /** @description To be shown; `sub` where no name was told. */
            name: string;
        };
        ReviewOrder: {
            kind: components["schemas"]["ReviewKind"];
            number: components["schemas"]["ReviewNumber"];
            as: components["schemas"]["Handling"];
            /**
             * @description Needed for `snoozed`, and only there: RFC 3339 with an offset, or a day of the installation's time zone, for its
             *     first moment. Later than now, and within seven days.
             */
            until?: string | null;
            /** @description For people, needed for `closed`; blanks around it are cut. */
            note?: string | null;
        } & {
            [key: string]: unknown;
        };
        ActionsRequest: {
            /** @description The `sub` of who did it. */
            by?: string | null;
            /** @description `TR123` or `123` for a transaction, or what an action names as `about`. */
            about?: string | null;
            kind?: string[] | null;
            from?: components["schemas"]["TimeOrDay"];
            to?: components["schemas"]["TimeOrDay"];
            limit?: components["schemas"]["PageLimit"];
            /** @description `next` of an earlier answer: what follows it. */
            after?: string | null;
        } & {
            [key: string]: unknown;
        };
        /** @description At most so many; 50 when it is not given. */
        PageLimit: number | null;
        Actions: {
            /** @description The newest first. */
            actions: components["schemas"]["Action"][];
            /** @description What to give as `after` for what follows; null at the end. */
            next: string | null;
        };
        Action: {
            /** Format: int64 */
            action_id: number;
            /** Format: date-time */
            at: string;
            by: components["schemas"]["Actor"];
            /**
             * @description Others may join.
             * @example note
             * @example reveal
             * @example refund
             * @example close
             * @example ask
             * @example review
             * @example replay
             * @example skip
             * @example sign_in
             * @example sign_out
             * @example search_email
             * @example ask_close
             * @example retry_message
             * @example test_event
             * @example refund_run
             * @example erase
             * @example erase_person
             * @example export_person
             */
            kind: string;
            /**
             * Format: int64
             * @description Which it is about; null for none.
             */
            transaction_id: number | null;
            reference: string | null;
            /** @description What else it is about, such as the entry of a review (`dispute 123`) or an event's id. */
            about: string | null;
            /** @description Texts by name; null when there are none, or none any more. */
            details: {
                [key: string]: string;
            } | null;
        };
        EventsRequest: {
            /**
             * @description All when it is not given.
             * @enum {string|null}
             */
            state?: "waiting" | "told" | "dead" | "skipped" | null;
            /** Format: int64 */
            transaction_id?: number | null;
            limit?: components["schemas"]["PageLimit"];
            /** @description `next` of an earlier answer: what follows it. */
            after?: string | null;
        } & {
            [key: string]: unknown;
        };
        /** @description Which payments; all of the conditions must hold, and there must be one. */
        RefundFilter: {
            /** @description Of the payment's ticket, as its `scope` says. */
            flag?: string;
            year?: string;
            event?: string;
            status?: components["schemas"]["Status"][];
            processor?: components["schemas"]["PaymentMode"][];
            fee_type?: string[];
            currency?: components["schemas"]["Currency"];
            /** @description In `currency`, which must be given; this amount counts. */
            amount_from?: components["schemas"]["Amount"];
            /** @description In `currency`, which must be given; this amount counts. */
            amount_to?: components["schemas"]["Amount"];
            created_from?: components["schemas"]["TimeOrDay"];
            created_to?: components["schemas"]["TimeOrDay"];
            paid_from?: components["schemas"]["TimeOrDay"];
            paid_to?: components["schemas"]["TimeOrDay"];
            ticket_id?: components["schemas"]["TicketId"];
        };
        /**
         * @description What is given back of each payment, one of: `{"all":true}`, what is left of it; `{"percent":80}`, so much of what was
         *     paid, counting what was given back before, rounded down to what the currency can pay out (whole forints, else
         *     hundredths); `{"amount":50,"currency":"EUR"}`.
         */
        RefundGive: {
            /** @constant */
            all?: true;
            percent?: number;
            amount?: components["schemas"]["Amount"];
            currency?: components["schemas"]["Currency"];
        };
        /** @description One of `filter` and `transaction_ids`. */
        RefundPlanRequest: {
            filter?: components["schemas"]["RefundFilter"];
            transaction_ids?: components["schemas"]["TransactionId"][];
            give: components["schemas"]["RefundGive"];
        };
        RefundSum: {
            processor: components["schemas"]["PaymentMode"];
            currency: components["schemas"]["Currency"];
            count: number;
            amount: components["schemas"]["Amount"];
        };
        /**
         * @description | reason | |
         *     |---|---|
         *     | `unknown` | there is no such payment that the caller may see |
         *     | `not_paid` | |
         *     | `disputed` | |
         *     | `refunded` | as much was given back already |
         *     | `in_review` | a person must look at it first |
         *     | `unknown_outcome` | nobody knows yet whether it is paid |
         *     | `reserved` | a refund of it is under way |
         *     | `in_run` | it waits in another run |
         *     | `less_left` | less is left than is to be given back |
         *     | `too_little` | rounded down nothing remains |
         *     | `changed` | of items only: what was given back of it has changed since it was planned |
         *     | `other_currency` | `give.amount` is in another currency |
         *     | `no_account` | the provider's account that took it is not set up |
         *     | `stopped` | of items only: the run was stopped before its turn |
         * @enum {string}
         */
        LeftOutReason: "unknown" | "not_paid" | "disputed" | "refunded" | "in_review" | "unknown_outcome" | "reserved" | "in_run" | "less_left" | "too_little" | "changed" | "other_currency" | "no_account" | "stopped";
        RefundPlan: {
            /** @description How many payments would be given back. */
            count: number;
            /** @description One for each processor and currency. */
            sums: components["schemas"]["RefundSum"][];
            /** @description By reason; only reasons that occur. */
            left_out: {
                reason: components["schemas"]["LeftOutReason"];
                count: number;
                /** @description The first of them. */
                transaction_ids: components["schemas"]["TransactionId"][];
            }[];
            /** @description How long it would take, at the service's pace. */
            minutes: number;
            digest: string;
            /** @description Whether a second person must release the run. */
            needs_release: boolean;
        };
        /** @description What was planned, as it was, and what a person says to it. */
        RefundRunOrder: {
            filter?: components["schemas"]["RefundFilter"];
            transaction_ids?: components["schemas"]["TransactionId"][];
            give: components["schemas"]["RefundGive"];
            /** @description Of the plan that was read. */
            digest: string;
            /** @description Of the run, for people. */
            name: string;
            /** @description Kept with every refund; it should name nobody. */
            reason: string;
            /** @description The sums of the plan as a person has typed them, all of them. */
            typed_sums: {
                processor: components["schemas"]["PaymentMode"];
                currency: components["schemas"]["Currency"];
                amount: components["schemas"]["Amount"];
            }[];
        };
        RefundRunsRequest: {
            /** @default 50 */
            limit: number;
            /**
             * Format: int64
             * @description `next` of an earlier answer: what follows it.
             */
            after?: number;
        };
        RefundRuns: {
            /** @description The newest first. */
            runs: components["schemas"]["RefundRun"][];
            /**
             * Format: int64
             * @description What to give as `after` for what follows; null at the end.
             */
            next: number | null;
        };
        RefundRunRequest: {
            /** Format: int64 */
            run_id: number;
            /** @description Items in this state alone. */
            state?: components["schemas"]["RefundItemState"];
            /** @default 50 */
            limit: number;
            /** @description `next` of an earlier answer: what follows it. */
            after?: components["schemas"]["TransactionId"];
        };
        RefundRunPage: {
            run: components["schemas"]["RefundRun"];
            /** @description By transaction, ascending. */
            items: components["schemas"]["RefundItem"][];
            /**
             * Format: int64
             * @description What to give as `after` for what follows; null at the end.
             */
            next: number | null;
        };
        RefundRunSteering: {
            /** Format: int64 */
            run_id: number;
            /** @enum {string} */
            do: "release" | "pause" | "go_on" | "stop" | "again";
        };
        RefundRun: {
            /** Format: int64 */
            run_id: number;
            name: string;
            reason: string;
            give: components["schemas"]["RefundGive"];
            /**
             * @description `needs_release` until a second person has released it; `done` when nothing waits any more, though some may have been
             *     refused.
             * @enum {string}
             */
            state: "needs_release" | "running" | "paused" | "stopped" | "done";
            /**
             * @description While it is paused: by a `person`, or by itself, after five `refusals` of a provider in a row, or five times its
             *     `silence`.
             * @enum {string|null}
             */
            paused_because: "person" | "refusals" | "silence" | null;
            /** @description Of its plan. */
            digest: string;
            started_by: components["schemas"]["Actor"];
            /** Format: date-time */
            started_at: string;
            /** @description Null until then, and where no second person is needed. */
            released_by: components["schemas"]["Actor"] | null;
            /** Format: date-time */
            released_at: string | null;
            /**
             * Format: date-time
             * @description When it was stopped, or done.
             */
            ended_at: string | null;
            /** @description Of all its items, as they were planned. */
            sums: components["schemas"]["RefundSum"][];
            /** @description How many items are in each state. */
            counts: {
                waiting: number;
                asked: number;
                unknown: number;
                done: number;
                refused: number;
                left_out: number;
            };
            /** @description Of items that are done. */
            given_back: components["schemas"]["RefundSum"][];
            /** @description How long what waits will take, at the service's pace. */
            minutes_left: number;
            /** @description What the caller may do with it now, and why not. */
            may: {
                /** @enum {string} */
                what: "release" | "pause" | "go_on" | "stop" | "again";
                yes: boolean;
                why_not: string | null;
            }[];
        };
        /**
         * @description | state | |
         *     |---|---|
         *     | `waiting` | for its turn |
         *     | `asked` | it is being given back |
         *     | `unknown` | it was asked for, and only the provider's word says what became of it |
         *     | `done` | given back |
         *     | `refused` | by the provider; `again` tries it once more |
         *     | `left_out` | at its turn nothing should be given back any more |
         * @enum {string}
         */
        RefundItemState: "waiting" | "asked" | "unknown" | "done" | "refused" | "left_out";
        RefundItem: {
            transaction_id: components["schemas"]["TransactionId"];
            reference: string;
            ticket_id: components["schemas"]["TicketId"];
            processor: components["schemas"]["PaymentMode"];
            currency: components["schemas"]["Currency"];
            amount: components["schemas"]["Amount"];
            state: components["schemas"]["RefundItemState"];
            /** @description Of `left_out`. */
            reason: components["schemas"]["LeftOutReason"] | null;
            /** @description Of `refused`, the provider's words. */
            detail: string | null;
            /** @description The name of the refund that was asked for last, such as TR123-R1; null for none. */
            refund_id: string | null;
            /** @description How often it was to be asked for, 1 at first. */
            tries: number;
            /** Format: date-time */
            changed_at: string;
        };
        OutgoingEvents: {
            /** @description The newest first. */
            events: components["schemas"]["OutgoingEvent"][];
            /** @description How many wait, whatever was asked for; 1001 stands for more than 1000. */
            waiting: number;
            /** @description How many were given up; 1001 stands for more than 1000. */
            dead: number;
            /** @description What to give as `after` for what follows; null at the end. */
            next: string | null;
        };
        OutgoingEvent: {
            /** @description The `webhook-id` under which it is told. */
            event_id: string;
            /** @example payment.paid */
            type: string;
            transaction_id: components["schemas"]["TransactionId"];
            reference: string;
            ticket_id: components["schemas"]["TicketId"];
            /** Format: date-time */
            made_at: string;
            status: components["schemas"]["Status"];
            /** @enum {string} */
            state: "waiting" | "told" | "dead" | "skipped";
            /** Format: date-time */
            told_at: string | null;
            /**
             * Format: date-time
             * @description While it waits.
             */
            next_try_at: string | null;
            /**
             * Format: date-time
             * @description When it was given up or skipped.
             */
            given_up_at: string | null;
            /** @description That failed. */
            tries: number;
            last_error: string | null;
            /** @description What is sent, byte for byte. */
            body: string;
        };
        /** @description Exactly one of both. */
        ReplayRequest: {
            event_ids?: string[] | null;
            all_dead?: boolean | null;
        } & {
            [key: string]: unknown;
        };
        SkipRequest: {
            event_ids: string[];
            /** @description Why nobody is to hear of them; blanks around it are cut. */
            note: string;
        } & {
            [key: string]: unknown;
        };
        ChangedEvents: {
            changed: number;
        };
        MessagesRequest: {
            /** @enum {string|null} */
            show?: "unmatched" | "all" | null;
            limit?: components["schemas"]["PageLimit"];
            /** @description `next` of an earlier answer: what follows it. */
            after?: string | null;
        } & {
            [key: string]: unknown;
        };
        RetryMessageRequest: {
            message_id: components["schemas"]["MessageId"];
        };
        RetriedMessage: {
            /** @description Whether it is about a transaction now, or was before. */
            matched: boolean;
            /**
             * Format: int64
             * @description Which; null when it is about none, and to who does not see every ticket.
             */
            transaction_id: number | null;
            reference: string | null;
            /** @description Why it is about none; null when it is about one. */
            why_not: string | null;
        };
        /** @description Nothing is asked for. */
        TestEventRequest: Record<string, never>;
        TestedReceiver: {
            /** @description The `webhook-id` that it was sent under. */
            event_id: string;
            /**
             * @description `delivered`: it answered 2xx.
             * @enum {string}
             */
            outcome: "delivered" | "failed";
            /** @description Why it was not delivered. */
            error: string | null;
            /** Format: int64 */
            took_ms: number;
        };
        /**
         * @description `unknown`: it could not be looked at. Of several the worst counts for all: `bad`, then `unknown`, then `warn`.
         * @enum {string}
         */
        CheckState: "good" | "warn" | "bad" | "unknown";
        /**
         * @description What was found, for who says it in their own words; `with` has what belongs into the sentence. A code may be of
         *     several states: `disk_free` is `good`, `warn` or `bad`. There may be more codes one day; `sentence` tells then.
         *
         *     | code | `with` |
         *     |---|---|
         *     | `database_failed`, `key_wrong`, `endpoint_unknown` | `why` |
         *     | `clock_agrees`, `clock_ahead`, `clock_behind` | `replica` (empty: the one that answers), `address` (empty: the database), `by_ms` |
         *     | `answers` | `address` |
         *     | `silent` | `address`, `why` |
         *     | `mode_mixed` | `live`: the processor whose keys move real money |
         *     | `endpoint_lacks` | `events`, with commas between |
         *     | `public_well` | `url` |
         *     | `public_failed` | `url`, `why` |
         *     | `public_other_commit` | `url`, its `commit`, `ours` |
         *     | `disk_free` | `percent` |
         *     | `events_given_up`, `events_late`, `replicas_alike` | `count` |
         *     | `key_sets_read`, `backup_noted` | `age_s` |
         *     | `key_set_old` | `replica`, `age_s`, `why` |
         *     | `calls_made` | `count`, `unanswered`, `within_ms`: 95 % of them took no longer |
         *     | `erasing_done`, `erasing_late` | `age_s`, `waiting`: payments to be erased |
         *     | `ledger_agrees`, `ledger_differs` | `age_s`, `transactions`, `differences`, `first` |
         * @enum {string}
         */
        FindingCode: "database_well" | "database_failed" | "clock_agrees" | "clock_ahead" | "clock_behind" | "answers" | "silent" | "keys_well" | "key_wrong" | "mode_live" | "mode_test" | "mode_mixed" | "endpoint_well" | "endpoint_unknown" | "endpoint_disabled" | "endpoint_missing" | "endpoint_lacks" | "public_well" | "public_failed" | "public_other_commit" | "disk_free" | "events_told" | "events_off" | "events_given_up" | "events_late" | "replicas_silent" | "replicas_versions" | "replicas_settings" | "replicas_alike" | "key_sets_read" | "key_set_old" | "calls_made" | "backup_never" | "backup_noted" | "ledger_never" | "ledger_agrees" | "ledger_differs" | "sums_whole" | "sums_lack_some" | "erasing_done" | "erasing_late";
        HealthCheck: {
            /**
             * @description What was looked at. Several checks may have one name, as each replica's clock does; `clock_` and the name of
             *     somebody outside is a clock that differs from ours, and `_calls` behind one how the calls went.
             * @example database
             * @example clock
             * @example clock_stripe
             * @example keys
             * @example mode
             * @example key_sets
             * @example simplepay
             * @example stripe
             * @example tickets
             * @example stripe_calls
             * @example user_keys
             * @example service_keys
             * @example events_receiver
             * @example identity_provider
             * @example public_url
             * @example webhook_endpoint
             * @example disk
             * @example events
             * @example replicas
             * @example sums
             * @example backup
             * @example ledger
             * @example personal_data
             */
            name: string;
            state: components["schemas"]["CheckState"];
            code: components["schemas"]["FindingCode"];
            /** @description What belongs into the sentence, by the table above. The words of others are English. */
            with: {
                [key: string]: number | string;
            };
            /** @description What was found, in English. */
            sentence: string;
            /** @description What to do, in one line; null when it is good. */
            advice: string | null;
        };
        /** @description A process that serves, as it told of itself last. */
        HealthReplica: {
            /**
             * @description Its host and process.
             * @example pay1:4242
             */
            replica: string;
            version: string;
            commit: string;
            /**
             * @description A fingerprint of its settings but for secrets and what is each replica's own (`PAYMENTS_LISTEN`,
             *     `PAYMENTS_THREADS`, `PAYMENTS_LOG_LEVEL`): two that differ are set up differently.
             * @example 3f9a2c7be01d4458
             */
            settings: string;
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            seen_at: string;
            /** @description It has been heard of within 3 minutes. */
            is_alive: boolean;
            /**
             * Format: int64
             * @description By how much its clock is ahead of the database's; null where that is the same machine's.
             */
            clock_ahead_ms: number | null;
            /**
             * Format: date-time
             * @description When the keys that verify tokens were last read, the older of the two sets.
             */
            keys_read_at: string;
            /** @description Why they could not be read again since; null when they could. */
            keys_trouble: string | null;
        };
        /** @description Calls of all replicas in the last 15 minutes to somebody outside. */
        HealthOutside: {
            /** @enum {string} */
            name: "SIMPLE" | "STRIPE-INTENTS" | "tickets";
            /** Format: int64 */
            calls: number;
            /**
             * Format: int64
             * @description How many were not reached, or did not answer in time.
             */
            unanswered: number;
            /**
             * Format: int64
             * @description In how much time half of them had ended, roughly; null without a call.
             */
            p50_ms: number | null;
            /** Format: int64 */
            p95_ms: number | null;
            /**
             * Format: date-time
             * @description When the provider's newest message with a good signature came, of the last 7 days.
             */
            last_signed_at: string | null;
        };
        Health: {
            /** Format: date-time */
            at: string;
            state: components["schemas"]["CheckState"];
            /** @description Of the replica that answers. */
            version: string;
            commit: string;
            /** @description Whether all replicas that are alive are of one version and commit. */
            same_version: boolean;
            same_settings: boolean;
            /** @description Those that were heard of in the last 7 days, the latest first. */
            replicas: components["schemas"]["HealthReplica"][];
            outsides: components["schemas"]["HealthOutside"][];
            database: {
                /** @enum {string} */
                kind: "sqlite" | "postgresql";
                /** @description It is, and writable and migrated, and has answered within 2 s. */
                is_reachable: boolean;
                /** Format: int64 */
                answered_in_ms: number | null;
                /**
                 * Format: int64
                 * @description Of the disk with SQLite's file; null for PostgreSQL.
                 */
                disk_free_bytes: number | null;
                /** Format: int64 */
                disk_size_bytes: number | null;
            };
            /** @description The newest run of `ozora-payments verify-ledger` that read them to their end; nulls without one. */
            books: {
                /** Format: date-time */
                verified_at: string | null;
                /** Format: int64 */
                transactions: number | null;
                /** Format: int64 */
                differences: number | null;
                first_difference: string | null;
            };
            backup: {
                /**
                 * Format: date-time
                 * @description The newest backup that was noted with `ozora-payments note-backup`.
                 */
                at: string | null;
            };
            events: {
                /**
                 * Format: int64
                 * @description Events that others are still to be told; null while the database says nothing, as all here.
                 */
                waiting: number | null;
                /** Format: int64 */
                dead: number | null;
                /** Format: date-time */
                oldest_waiting_at: string | null;
            };
            /** @description The sets of keys that verify tokens, as the replica that answers uses them. */
            keys: {
                /** @enum {string} */
                name: "users" | "services";
                /** Format: date-time */
                read_at: string;
            }[];
            /** @description Those that need somebody first. */
            checks: components["schemas"]["HealthCheck"][];
        };
        KeptMessages: {
            /** @description The newest first. */
            messages: {
                message_id: components["schemas"]["MessageId"];
                processor: components["schemas"]["PaymentMode"];
                /** @description The provider's id of the message, or the SHA-256 of its body. */
                identity: string;
                /** Format: date-time */
                received_at: string;
                /**
                 * Format: int64
                 * @description What it is about; null when it fits no transaction.
                 */
                transaction_id: number | null;
                /** @description Why it fits none. */
                unmatched_reason: string | null;
            }[];
            /** @description What to give as `after` for what follows; null at the end. */
            next: string | null;
        };
        Transactions: {
            /** @description By id ascending. */
            transactions: components["schemas"]["Transaction"][];
        };
        /**
         * @description One attempt to pay one fee of one ticket. Every member is always present.
         * @example {
         *       "id": 123,
         *       "ticket_id": 42,
         *       "reference": "TR123",
         *       "code": "NORMAL-TOTAL-FEE-EUR-SIMPLE",
         *       "fee_type": "NORMAL-TOTAL-FEE",
         *       "currency": "EUR",
         *       "amount": 220,
         *       "amount_refunded": 0,
         *       "processor": "SIMPLE",
         *       "payment_mode": "SIMPLE",
         *       "status": "paid",
         *       "provider_transaction_id": "512345678",
         *       "metas": {
         *         "email": "visitor@example.com"
         *       },
         *       "created_at": "2026-12-01T11:00:00.120Z",
         *       "updated_at": "2026-12-01T11:02:09.004Z",
         *       "paid_at": "2026-12-01T11:02:09.004Z",
         *       "expires_at": "2026-12-01T11:30:00.120Z",
         *       "events": [
         *         {
         *           "at": "2026-12-01T11:00:00.480Z",
         *           "source": "service",
         *           "kind": "accepted",
         *           "detail": ""
         *         },
         *         {
         *           "at": "2026-12-01T11:02:08.210Z",
         *           "source": "ipn",
         *           "kind": "claimed",
         *           "detail": "FINISHED"
         *         },
         *         {
         *           "at": "2026-12-01T11:02:09.004Z",
         *           "source": "query",
         *           "kind": "captured",
         *           "detail": "220 EUR"
         *         }
         *       ]
         *     }
         */
        Transaction: {
            id: components["schemas"]["TransactionId"];
            ticket_id: components["schemas"]["TicketId"];
            /**
             * @description `TR` and the id: SimplePay's orderRef, and what a person reads out on the phone.
             * @example TR123
             */
            reference: string;
            code: components["schemas"]["Code"];
            /**
             * @description The first part of the code.
             * @example NORMAL-TOTAL-FEE
             */
            fee_type: string;
            currency: components["schemas"]["Currency"];
            amount: components["schemas"]["Amount"];
            amount_refunded: components["schemas"]["Amount"];
            processor: components["schemas"]["PaymentMode"];
            payment_mode: components["schemas"]["PaymentMode"];
            status: components["schemas"]["Status"];
            /**
             * @description The payment's id at the provider; null until the provider accepted it.
             * @example 512345678
             * @example pi_example
             */
            provider_transaction_id: string | null;
            /**
             * @description The billing data as it was given to Start payment. To a session of the console without
             *     `payments_personal` = `"true"`, personal data in it is masked: what it holds stays recognisable and is of
             *     no use.
             */
            metas: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: date-time
             * @description When the money was taken; null when it was not.
             */
            paid_at: string | null;
            /**
             * Format: date-time
             * @description Last moment at which the visitor may start paying.
             */
            expires_at: string;
            /** @description What was learned of it, oldest first. */
            events: components["schemas"]["Event"][];
        };
        /** @description About nothing. */
        TestEvent: {
            /** @constant */
            type: "test";
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            timestamp: string;
            data: Record<string, never>;
        };
        /**
         * @description A change of a transaction, as it was then. Every member is always present.
         * @example {
         *       "type": "payment.paid",
         *       "timestamp": "2026-12-01T11:02:09.004Z",
         *       "data": {
         *         "transaction_id": 123,
         *         "reference": "TR123",
         *         "ticket_id": 42,
         *         "code": "NORMAL-TOTAL-FEE-EUR-SIMPLE",
         *         "fee_type": "NORMAL-TOTAL-FEE",
         *         "currency": "EUR",
         *         "amount": 220,
         *         "amount_refunded": 0,
         *         "processor": "SIMPLE",
         *         "provider_transaction_id": "512345678",
         *         "status": "paid",
         *         "previous_status": "pending",
         *         "review_reason": null
         *       }
         *     }
         */
        PaymentEvent: {
            /** @enum {string} */
            type: "payment.paid" | "payment.failed" | "payment.refunded" | "payment.disputed" | "payment.review";
            /**
             * Format: date-time
             * @description When it changed.
             */
            timestamp: string;
            data: {
                transaction_id: components["schemas"]["TransactionId"];
                /** @description `TR` and the id. */
                reference: string;
                ticket_id: components["schemas"]["TicketId"];
                code: components["schemas"]["Code"];
                /** @description The first part of the code. */
                fee_type: string;
                currency: components["schemas"]["Currency"];
                amount: components["schemas"]["Amount"];
                amount_refunded: components["schemas"]["Amount"];
                processor: components["schemas"]["PaymentMode"];
                /** @description The payment's id at the provider; null while the provider had not accepted it. */
                provider_transaction_id: string | null;
                status: components["schemas"]["Status"];
                previous_status: components["schemas"]["Status"];
                /** @description Why a person must look; null unless the status is `review`. */
                review_reason: string | null;
            };
        };
        /** @description One thing that was learned of a transaction. */
        Event: {
            /**
             * Format: date-time
             * @description When it was learned.
             */
            at: string;
            /**
             * @description Who told: this service, the visitor's browser, SimplePay's IPN, Stripe's events, the provider on being
             *     asked, or a person in the back office.
             * @enum {string}
             */
            source: "service" | "visitor" | "ipn" | "webhook" | "query" | "staff";
            /**
             * @description | kind | what was learned |
             *     |---|---|
             *     | `accepted` | the provider knows the payment |
             *     | `unanswered` | the provider did not answer |
             *     | `authorized` | the amount is blocked on the card |
             *     | `claimed` | SimplePay's notification says it is paid; waits to be confirmed |
             *     | `contradicted` | SimplePay, on being asked, says something else than its notification |
             *     | `captured` | the amount was taken |
             *     | `cancelled` | the payment was given up |
             *     | `expired` | the time to pay ran out |
             *     | `failed` | the payment failed |
             *     | `attempt_failed` | one try with one card failed; the payment stays open |
             *     | `returned` | the visitor is back from the payment page |
             *     | `refund_requested` | a refund was asked for; its amount is reserved |
             *     | `refund_unanswered` | the provider did not answer to it; the amount stays reserved |
             *     | `refund_refused` | it was not made; the amount is free again |
             *     | `refund_pending` | money is on its way back to the visitor; it counts as refunded |
             *     | `refunded` | money went back to the visitor |
             *     | `refund_failed` | such money came back to the merchant |
             *     | `disputed` | the card holder disputes the payment |
             *     | `dispute_won` | the dispute ended in the merchant's favour |
             *     | `dispute_lost` | the dispute ended in the card holder's favour |
             *     | `dispute_prevented` | the dispute was settled before it became one |
             *     | `dispute_unclear` | the dispute stands in a way that this version does not know |
             *     | `inquiry` | the bank asks about the payment; no money has moved |
             *     | `inquiry_closed` | the bank's question is over |
             *     | `dispute_withdrawn` | because of the dispute this was taken from the merchant's balance |
             *     | `dispute_reinstated` | it was put back there |
             *     | `dispute_fee` | the provider's fee for the dispute |
             *     | `dispute_fee_returned` | such a fee came back |
             *     | `fraud_warning` | the card's issuer reports the payment as fraud |
             *     | `duplicate` | the fee had been paid by another attempt before |
             *     | `duplicate_ended` | that other attempt holds no money any more: this one has paid the fee |
             *     | `closed` | a person has ended it; `detail` says who and why |
             *     | `foreign_payment` | the provider has a payment of another database under this number, which is spent |
             *     | `still_payable` | it has ended here, and the provider would still take money for it |
             *     | `no_longer_payable` | it has ended at the provider too |
             *     | `mismatched` | something differs from what was agreed |
             * @enum {string}
             */
            kind: "accepted" | "unanswered" | "authorized" | "claimed" | "contradicted" | "captured" | "cancelled" | "expired" | "failed" | "attempt_failed" | "returned" | "refund_requested" | "refund_unanswered" | "refund_refused" | "refund_pending" | "refunded" | "refund_failed" | "disputed" | "dispute_won" | "dispute_lost" | "dispute_prevented" | "dispute_unclear" | "inquiry" | "inquiry_closed" | "dispute_withdrawn" | "dispute_reinstated" | "dispute_fee" | "dispute_fee_returned" | "fraud_warning" | "duplicate" | "duplicate_ended" | "closed" | "foreign_payment" | "still_payable" | "no_longer_payable" | "mismatched";
            /** @description For people; never personal data. */
            detail: string;
        };
        /** @description Where a ticket is, by which staff may see its payments. */
        TicketScope: {
            /** @example HU */
            flag: string;
            /** @example 2027 */
            year: string;
            /** @example OZORA */
            event: string;
        };
        /** @description A ticket, and where it is. */
        PlacedTicket: {
            id: components["schemas"]["TicketId"];
            /**
             * @description At most 255 bytes, as the next two.
             * @example HU
             */
            flag: string;
            /** @example 2027 */
            year: string;
            /** @example OZORA */
            event: string;
        };
        FindRequest: {
            /** @description What was typed into a search box; see the table above. */
            text?: string;
            /** @description One of these; any when missing or empty. An item that comes twice counts once. */
            status?: components["schemas"]["Status"][];
            /** @description One of these; any when missing or empty. An item that comes twice counts once. */
            processor?: components["schemas"]["PaymentMode"][];
            /** @description One of these; any when missing or empty. An item that comes twice counts once. */
            fee_type?: string[];
            currency?: components["schemas"]["Currency"];
            /** @description In `currency`, which must be given; this amount counts. */
            amount_from?: components["schemas"]["Amount"];
            /** @description In `currency`, which must be given; this amount counts. */
            amount_to?: components["schemas"]["Amount"];
            /** @description Begun at this time or later. */
            created_from?: components["schemas"]["TimeOrDay"];
            /** @description Begun before this time. */
            created_to?: components["schemas"]["TimeOrDay"];
            /** @description Paid at this time or later. */
            paid_from?: components["schemas"]["TimeOrDay"];
            /** @description Paid before this time. */
            paid_to?: components["schemas"]["TimeOrDay"];
            ticket_id?: components["schemas"]["TicketId"];
            /** @default 50 */
            limit: number;
            /** @description `next` of an earlier answer: what follows it. */
            after?: components["schemas"]["TransactionId"];
        };
        /**
         * @description A time with an offset from UTC; or a day, which stands for its first moment in the time zone of the installation
         *     (`PAYMENTS_TIME_ZONE`): a day as `from` counts, and one as `to` does not.
         * @example 2026-03-02T12:00:00+01:00
         * @example 2026-03-02
         */
        TimeOrDay: string | unknown | unknown;
        FoundTransactions: {
            /** @description The newest first. */
            transactions: components["schemas"]["TransactionSummary"][];
            /**
             * Format: int64
             * @description What to give as `after` for what follows; null at the end.
             */
            next: number | null;
            /** @description What `text` was looked for as; empty without a text, and for one that can mean nothing. */
            read_as: ("transaction" | "ticket" | "provider_id" | "refund_or_dispute" | "email" | "amount")[];
        };
        /** @description A transaction without personal data and without its events. Every member is always present. */
        TransactionSummary: {
            id: components["schemas"]["TransactionId"];
            ticket_id: components["schemas"]["TicketId"];
            reference: string;
            code: components["schemas"]["Code"];
            fee_type: string;
            currency: components["schemas"]["Currency"];
            amount: components["schemas"]["Amount"];
            amount_refunded: components["schemas"]["Amount"];
            processor: components["schemas"]["PaymentMode"];
            payment_mode: components["schemas"]["PaymentMode"];
            status: components["schemas"]["Status"];
            provider_transaction_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** Format: date-time */
            paid_at: string | null;
            /** Format: date-time */
            expires_at: string;
            /** @description Where its ticket was when this service last heard of it; null when that is not known. */
            scope: components["schemas"]["TicketScope"] | null;
        };
        /** @enum {string} */
        Measure: "started" | "paid" | "refunded" | "refund_returned" | "disputed" | "dispute_won" | "failed" | "fee_begun" | "fee_paid" | "first_try";
        SumsRequest: {
            /** @description What happened at this time or later counts. */
            from: components["schemas"]["TimeOrDay"];
            /** @description What happened before this time counts. */
            to: components["schemas"]["TimeOrDay"];
            /** @enum {string} */
            bucket: "minute" | "hour" | "day" | "month";
            /** @description What rows are kept apart by besides time, measure and currency; an item that comes twice counts once. */
            by?: ("processor" | "fee_type" | "scope" | "reason")[];
            /** @description These alone; all when missing or empty. An item that comes twice counts once. */
            measures?: components["schemas"]["Measure"][];
            /** @description This one alone. */
            currency?: components["schemas"]["Currency"];
            /** @description `tag` of an earlier answer to the same question. */
            known?: string;
        };
        Sums: {
            /**
             * @description Whose hours, days and months these are.
             * @example Europe/Budapest
             */
            time_zone: string;
            /**
             * Format: date-time
             * @description What happened up to this moment is in the sums.
             */
            until: string;
            /**
             * @description False while transactions from before sums were kept are still being added up in the background: those that are
             *     not yet are missing.
             */
            complete: boolean;
            /** @description Stays the same while `rows` does. */
            tag: string;
            /** @description By time, then measure; null when they are those of `known`. */
            rows: components["schemas"]["SumRow"][] | null;
        };
        /** @description Members that were not named in `by` are missing. */
        SumRow: {
            /**
             * Format: date-time
             * @description When its bucket begins, the first one at `from`; with the zone's offset then.
             * @example 2026-11-29T12:00:00+01:00
             */
            at: string;
            measure: components["schemas"]["Measure"];
            currency: components["schemas"]["Currency"];
            processor?: components["schemas"]["PaymentMode"];
            /** @example NORMAL-TOTAL-FEE */
            fee_type?: string;
            /** @description Null of payments whose ticket's scope is not known. */
            scope?: components["schemas"]["TicketScope"] | null;
            /**
             * @example
             * @example declined
             * @example insufficient_funds
             */
            reason?: string;
            /** Format: int64 */
            n: number;
            /** @description Never less than 0. */
            amount: components["schemas"]["Amount"];
        };
        ExportRequest: {
            /** @enum {string} */
            what: "movements" | "payments" | "refunds" | "daily_totals";
            /** @description This time or later. Of `daily_totals` where a day begins, as `to`. */
            from: components["schemas"]["TimeOrDay"];
            /** @description Before this time; at most 400 days after `from`. */
            to: components["schemas"]["TimeOrDay"];
            /**
             * @default taken
             * @enum {string}
             */
            by: "taken" | "created";
            /**
             * @default rfc4180
             * @enum {string}
             */
            form: "excel-hu" | "rfc4180";
            /**
             * @description All of these must hold, as in `findTransactions`; those that are missing or empty always do. `currency` is that
             *     of the money that moved. `daily_totals` has `processor`, `fee_type` and `currency` alone.
             */
            filter?: {
                status?: components["schemas"]["Status"][];
                processor?: components["schemas"]["PaymentMode"][];
                fee_type?: string[];
                currency?: components["schemas"]["Currency"];
                /** @description Of what was agreed; needs `currency`. */
                amount_from?: components["schemas"]["Amount"];
                amount_to?: components["schemas"]["Amount"];
                ticket_id?: components["schemas"]["TicketId"];
            };
            /**
             * @description Payers' e-mail addresses as well; of `payments` alone.
             * @default false
             */
            personal: boolean;
            /** @description A look before the file is taken, with so many lines at most; not with `personal`. */
            limit?: number;
        };
        TransactionReference: {
            transaction_id: components["schemas"]["TransactionId"];
        };
        TransactionStory: {
            transaction: components["schemas"]["TransactionSummary"] & {
                /**
                 * @description The payer's address, masked.
                 * @example k***s@e***.hu
                 */
                email: string;
                /** @description The billing data, masked. */
                metas: {
                    [key: string]: unknown;
                };
                /** @description What was learned of it, oldest first. */
                events: components["schemas"]["EventAndStatus"][];
            };
            /** @description What can still be given back. */
            refundable: components["schemas"]["Amount"];
            /** @description What refunds hold back whose outcome is not known. */
            reserved: components["schemas"]["Amount"];
            refunds: components["schemas"]["RefundStory"][];
            /** @description Signed messages of the provider about it, the newest 200, oldest first. */
            messages: {
                message_id: components["schemas"]["MessageId"];
                processor: components["schemas"]["PaymentMode"];
                /** @description The provider's id of the message, or the SHA-256 of its body. */
                identity: string;
                /** Format: date-time */
                received_at: string;
            }[];
            /** @description What other services were told of it, or are to be told, the newest 200, oldest first. */
            told: components["schemas"]["ToldEvent"][];
            /** @description The other transactions of its ticket. */
            others: components["schemas"]["TransactionSummary"][];
            /** @description What staff have noted on it, the newest 200, oldest first. */
            notes: components["schemas"]["Note"][];
            /** @description What a person must look at now; see List reviews. */
            concerns: {
                /**
                 * @description As in List reviews, of those that are about a transaction.
                 * @enum {string}
                 */
                kind: "mismatch" | "contradiction" | "duplicate" | "unconfirmed" | "unknown" | "authorized" | "overdue" | "still_payable" | "refund_unknown" | "refund_failed" | "dispute" | "inquiry" | "fraud_warning" | "foreign_payment";
                /** Format: date-time */
                since: string;
                /** @description For people. */
                reason: string;
                /** @description For people. */
                what_to_do: string;
            }[];
            /** @description What the caller may do with it now. */
            may: {
                /**
                 * @description `refund`: give it back. `ask`: ask its provider. `note`: add a note. `reveal`: see whom it is of.
                 *     More will come: pass over what you do not know.
                 * @example refund
                 */
                what: string;
                yes: boolean;
                /** @description For people; null when it may be done. */
                why_not: string | null;
            }[];
            /**
             * Format: uri
             * @description Where the provider shows the payment to whoever may sign in there; null when no such page is known.
             */
            provider_page: string | null;
            /** @description The last four digits of the card that was used, where a stored message tells them; else null. */
            card_last4: string | null;
        };
        NewNote: {
            transaction_id: components["schemas"]["TransactionId"];
            /** @description For people; blanks around it are cut. Write what others must know, and about nobody what they need not. */
            text: string;
        };
        Note: {
            /** Format: int64 */
            note_id: number;
            /** Format: date-time */
            at: string;
            /** @description Who wrote it, as their token or session said. */
            by: {
                sub: string;
                /** @description To be shown; `sub` where no name was told. */
                name: string;
            };
            /** @description Null when it was erased. */
            text: string | null;
        };
        RevealRequest: {
            transaction_id: components["schemas"]["TransactionId"];
            /** @description For whoever reads later who has seen these data; blanks around it are cut. */
            why: string;
        };
        Revealed: {
            /** @description The payer's address. */
            email: string;
            /** @description The billing data of the start. */
            metas: {
                [key: string]: unknown;
            };
        };
        /** @description Of the payments with this address, or of this ticket; one of the two. */
        ExportPersonRequest: {
            /**
             * Format: email
             * @description The payer's whole address, in any case.
             */
            email?: string;
            ticket_id?: components["schemas"]["TicketId"];
            why: components["schemas"]["PersonReason"];
        };
        /** @description Of the payments with this address, or of this ticket; one of the two. */
        ErasePersonRequest: {
            /**
             * Format: email
             * @description The payer's whole address, in any case.
             */
            email?: string;
            ticket_id?: components["schemas"]["TicketId"];
            why?: components["schemas"]["PersonReason"];
            /** @description Erases nothing. `why` may be missing then. */
            dry_run?: boolean;
        };
        /** @description For whoever reads later; blanks around it are cut. It is kept for good, so no personal data. */
        PersonReason: string;
        PersonReport: {
            /** Format: date-time */
            at: string;
            /** @description The oldest first; of `erasePerson` at most 500. */
            payments: components["schemas"]["PersonPayment"][];
            /** @description False when there are more payments; ask again then. Of `exportPerson` it is always true. */
            is_complete: boolean;
            backups: components["schemas"]["PersonBackups"];
            /**
             * @description Files with e-mail addresses that staff took out since the oldest payment, newest first, at most 20. Named to
             *     callers who see every ticket.
             */
            exports: {
                /** Format: date-time */
                at: string;
                by: string;
                what: string;
                from: string | null;
                to: string | null;
            }[];
            /**
             * @description Of `postgresql` the server keeps old versions of rows until it cleans up (docs/personal_data.md).
             * @enum {string}
             */
            database: "sqlite" | "postgresql";
            /**
             * @description Whether nothing that was erased is left in unused parts of the database's files; they are cleaned in the
             *     background, within minutes. Null where the server keeps its files to itself.
             */
            files_clean: boolean | null;
        };
        /** @description What was there before it was erased, and what has become of it. */
        PersonPayment: {
            transaction_id: components["schemas"]["TransactionId"];
            ticket_id: components["schemas"]["TicketId"];
            /** Format: date-time */
            created_at: string;
            currency: string;
            amount: number;
            status: components["schemas"]["Status"];
            /**
             * @description `held`; `waiting`: erased when what is under way is over; `restricted`: erased but for `kept_members`;
             *     `erased`.
             * @enum {string}
             */
            state: "held" | "waiting" | "restricted" | "erased";
            /**
             * @description What becomes of it: it `goes`; `kept_for_accounts`: but for `kept_members`; it `waits` for the end of the
             *     payment, a refund or a dispute.
             * @enum {string}
             */
            fate: "goes" | "kept_for_accounts" | "waits";
            has_email: boolean;
            /** @description Names of the members of its billing data. */
            members: string[];
            /** @description Providers' messages with a body. */
            messages: number;
            /** @description Notes and reasons that staff wrote. */
            notes: number;
            kept_members: string[];
            /**
             * Format: date
             * @description The last day on which these are kept; null when none are.
             */
            kept_until: string | null;
            /**
             * Format: date-time
             * @description When it was to be erased first.
             */
            asked_at: string | null;
            /** Format: date-time */
            erased_at: string | null;
        };
        /** @description Backups that were noted since the oldest payment, and not deleted since; they hold what was there then. */
        PersonBackups: {
            count: number;
            /** Format: date-time */
            first: string | null;
            /** Format: date-time */
            last: string | null;
            /** @description How long one is kept; null when nobody has said. */
            kept_days: number | null;
            /**
             * Format: date
             * @description When the last of them is deleted; null when that is not known.
             */
            gone_by: string | null;
        };
        PersonExport: {
            report: components["schemas"]["PersonReport"];
            held: {
                transaction: components["schemas"]["Transaction"];
                email: string | null;
                /** @description Billing data that are kept for accounts alone; null for none. */
                restricted: {
                    [key: string]: unknown;
                } | null;
                messages: {
                    /** Format: int64 */
                    message_id: number;
                    processor: string;
                    /** Format: date-time */
                    received_at: string;
                    /** @description As it was signed; null when it was erased. */
                    body: string | null;
                }[];
                /** @description What staff did about it. */
                actions: {
                    /** Format: date-time */
                    at: string;
                    kind: string;
                    details: {
                        [key: string]: string;
                    };
                }[];
            }[];
        };
        EventAndStatus: components["schemas"]["Event"] & {
            status: components["schemas"]["Status"];
            /**
             * Format: int64
             * @description The provider's message it came from, among `messages`; null of what was learned in another way, and
             *     where it cannot be told.
             */
            message_id: number | null;
        };
        RefundStory: {
            /**
             * @description Ours; null of a refund that was made on the provider's pages.
             * @example TR123-R1
             */
            refund_id: string | null;
            /** @description Null while the provider has not told one. */
            provider_refund_id: string | null;
            amount: components["schemas"]["Amount"] | null;
            /**
             * @description `asked`: the provider is being asked. `unknown`: it gave no usable answer. `refused`: it will not.
             *     `pending`: made, and the money is on its way. `made`. `failed`: the money came back.
             * @enum {string}
             */
            state: "asked" | "unknown" | "refused" | "pending" | "made" | "failed";
            /**
             * Format: date-time
             * @description When it was asked for, or first heard of.
             */
            since: string;
            /** @description By whom and for which reason; null of a refund that was not asked for here. */
            why: string | null;
        };
        ToldEvent: {
            /** @description The `webhook-id` of its deliveries. */
            event_id: string;
            /** @example payment.paid */
            type: string;
            /**
             * Format: date-time
             * @description When the change was recorded that it tells of.
             */
            at: string;
            status: components["schemas"]["Status"];
            /** @enum {string} */
            state: "waiting" | "told" | "dead" | "skipped";
            /** Format: date-time */
            told_at: string | null;
            /** @description Deliveries that failed. */
            tries: number;
            last_error: string | null;
        };
        /**
         * Format: int64
         * @description The number under which a provider's message is kept.
         * @example 88
         */
        MessageId: number;
        MessageReference: {
            message_id: components["schemas"]["MessageId"];
        };
        KeptMessage: {
            message_id: components["schemas"]["MessageId"];
            /**
             * Format: int64
             * @description What it is about; null when it fits no transaction.
             */
            transaction_id: number | null;
            processor: components["schemas"]["PaymentMode"];
            /** @description The provider's id of the message, or the SHA-256 of its body. */
            identity: string;
            /** Format: date-time */
            received_at: string;
            /** @description The message, which is JSON, as text; null when it was erased. */
            body: string | null;
            /**
             * @description What names, reaches or locates a person is masked in `body`.
             * @constant
             */
            masked: true;
        };
        Asked: {
            transaction_id: components["schemas"]["TransactionId"];
            status: components["schemas"]["Status"];
            /** @description What was not known before, oldest first. */
            learned: components["schemas"]["EventAndStatus"][];
        };
        RefundRequest: {
            /** Format: int64 */
            transaction_id: number;
            /** @description In the transaction's currency, more than 0; without it, all that is left. */
            amount?: number | null;
            /** @description Why, for people; at most 200 characters, no personal data. It is kept with the transaction. */
            reason?: string | null;
        } & {
            [key: string]: unknown;
        };
        CloseRequest: {
            /** Format: int64 */
            transaction_id: number;
            /** @description Why, for people; 1 to 200 bytes, no personal data. It is kept with the transaction. */
            reason: string;
        } & {
            [key: string]: unknown;
        };
        RefundReply: {
            /**
             * @description Our name of this refund.
             * @example TR123-R1
             */
            refund_id: string;
            /** Format: int64 */
            transaction_id: number;
            /** @description What this refund gives back. */
            amount: number;
            currency: string;
            /** @description The refund's id at SimplePay or Stripe. */
            provider_refund_id: string | null;
            /**
             * @description Whether the provider has made it, or says that it is on its way, which counts as made.
             * @enum {string}
             */
            refund_status: "made" | "pending";
            /** @description What has been given back of the transaction in all. */
            amount_refunded: number;
            status: components["schemas"]["Status"];
        };
        /** @enum {string} */
        SettlementFormat: "simplepay" | "stripe-csv" | "stripe-json" | "stripe-payouts" | "camt053" | "mt940" | "otp-csv";
        /** @description What others are told of settlements. */
        SettlementEvents: {
            /** @description The newest first. */
            events: components["schemas"]["SettlementEvent"][];
            /** @description How many wait, whatever was asked for. */
            waiting: number;
            /** @description How many were given up. */
            dead: number;
            /** @description What to give as `after` for what follows; null at the end. */
            next: string | null;
        };
        /** @description What became of a payout, or of what does not agree, and how far it was told. */
        SettlementEvent: {
            /** @description The `webhook-id` under which it is told. */
            event_id: string;
            /** @example settlement.payout */
            type: string;
            /** @description The payout's id, or the key of the finding. */
            subject: string;
            /** Format: date-time */
            made_at: string;
            /** @enum {string} */
            state: "waiting" | "told" | "dead" | "skipped";
            /** Format: date-time */
            told_at: string | null;
            /**
             * Format: date-time
             * @description While it waits.
             */
            next_try_at: string | null;
            /**
             * Format: date-time
             * @description When it was given up or skipped.
             */
            given_up_at: string | null;
            /** @description That failed. */
            tries: number;
            last_error: string | null;
            /** @description What is sent, byte for byte. */
            body: string;
        };
        /** @description Files of providers and banks. */
        SettlementFiles: {
            files: components["schemas"]["SettlementFile"][];
        };
        /** @description One that was imported. */
        SettlementFile: {
            /** Format: int64 */
            id: number;
            /** @description Its name. */
            file: string;
            format: components["schemas"]["SettlementFormat"];
            /** @description That was named when it was imported; "" for none. */
            account: string;
            sha256: string;
            /**
             * Format: int64
             * @description In bytes.
             */
            size: number;
            /**
             * Format: int64
             * @description How many lines, payouts, statements and entries.
             */
            records: number;
            /** Format: date-time */
            at: string;
            /** @description Who imported it. */
            by: string;
        };
        /** @description What of a file was new. */
        ImportedSettlement: {
            file: string;
            format: components["schemas"]["SettlementFormat"];
            /** @description Those that it names, with commas between. */
            account: string;
            lines: {
                new: number;
                known: number;
                /** @description They contradict lines that are known; the first ones count. */
                conflicting: number;
                /** @description Entries that are not booked yet, a payout's own line. */
                skipped: number;
            };
            /** @description The same file was imported before. */
            known_before: boolean;
        };
        /** @description What does not agree. */
        Findings: {
            /** Format: date-time */
            as_of: string;
            findings: components["schemas"]["Finding"][];
            /** @description By currency, in minor units; 0 when no finding is open. */
            unexplained: {
                [key: string]: number;
            };
        };
        /** @description Something that does not agree. */
        Finding: {
            /** @description Stays while its numbers change. */
            key: string;
            /** @enum {string} */
            kind: "ambiguous" | "bank_credit_unknown" | "bank_differs" | "dispute_unknown" | "duplicate_settled" | "kind_unknown" | "line_arithmetic" | "line_conflict" | "line_differs" | "line_not_captured" | "line_unknown" | "missing_in_settlement" | "payout_does_not_add_up" | "payout_not_on_bank" | "refund_unknown" | "statement_does_not_add_up" | "statement_gap";
            /** @description What it is about, such as TR3002, txn_1, po_1. */
            subject: string;
            /**
             * Format: int64
             * @description What is not explained, at least 0, in minor units.
             */
            amount_minor: number;
            currency: string;
            /** @description SIMPLE or STRIPE-INTENTS; "" where only the bank speaks. */
            processor: string;
            account: string;
            /** @description For a person. */
            detail: string;
            /** @enum {string} */
            state: "open" | "accepted";
            /**
             * Format: date
             * @description To which day it belongs; in the close of a month alone.
             */
            day?: string;
        };
        /** @description Why. */
        FindingDecision: {
            reason: string;
        };
        /** @description Which month, and why although something in it is open. */
        MonthToClose: {
            month: string;
            /** @description Needed where findings are open, or something may still be settled. */
            reason?: string | null;
            /** @description That of the close that was looked at. When the books are others by now, nothing is closed, and the answer is 409. */
            books_sha256?: string | null;
        };
        /** @description What providers paid out, and what not. Amounts are minor units, signed as the money is to us. */
        SettlementReport: {
            /** Format: date-time */
            as_of: string;
            accounts: components["schemas"]["SettlementAccount"][];
            findings: components["schemas"]["Finding"][];
            /** @description By currency, in minor units; 0 when no finding is open. */
            unexplained: {
                [key: string]: number;
            };
        };
        /** @description A month of the books. Amounts are minor units, signed as the money is to us where nothing else is said. */
        MonthClose: {
            month: string;
            /** Format: date */
            first_day: string;
            /** Format: date */
            last_day: string;
            /**
             * @description `running` has not ended; of `settling` something may still be settled or come to the bank; of `ready` every delay has passed; `closed` was closed by somebody, and never changes.
             * @enum {string}
             */
            state: "running" | "settling" | "ready" | "closed";
            /**
             * Format: date
             * @description The day from which on every delay has passed.
             */
            closed_on: string;
            /** @description Who has closed it, when, and why with what is open. `reason` is empty where nothing was. */
            closing: {
                /** Format: date-time */
                at: string;
                by: string;
                reason: string;
            } | null;
            /**
             * Format: int64
             * @description How many findings until the end of the month are open.
             */
            open_findings: number;
            /**
             * Format: int64
             * @description How many of the movements correct what was booked in months that are closed.
             */
            corrections: number;
            accounts: components["schemas"]["AccountClose"][];
            in_transit: components["schemas"]["TransitClose"][];
            claims: components["schemas"]["ClaimsClose"][];
            reserves: components["schemas"]["ReserveClose"][];
            unexplained: components["schemas"]["UnexplainedClose"][];
            /** @description Those about days until the end of the month, by kind and subject. */
            findings: components["schemas"]["Finding"][];
            /** Format: int64 */
            movements: number;
            books_sha256: string;
            /** Format: date-time */
            as_of: string;
            /** @description What it was made of. The digest is that of the sorted SHA-256 of all files, each with an end of line. */
            files: {
                /** Format: int64 */
                count: number;
                sha256: string;
            };
        };
        /** @description What a provider holds for us in one currency. Opening + all movements - fees = closing. */
        AccountClose: {
            processor: string;
            account: string;
            currency: string;
            ledger_account: string;
            /** Format: int64 */
            opening_minor: number;
            captured: components["schemas"]["SettlementTally"];
            refunded: components["schemas"]["SettlementTally"];
            refunds_failed: components["schemas"]["SettlementTally"];
            disputed: components["schemas"]["SettlementTally"];
            disputes_won: components["schemas"]["SettlementTally"];
            /** @description By kind, in minor units; less than 0 when given back. */
            fees_minor: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Released less held back.
             */
            reserve_minor: number;
            paid_out: components["schemas"]["SettlementTally"];
            payouts_returned: components["schemas"]["SettlementTally"];
            /**
             * Format: int64
             * @description What findings are about.
             */
            unexplained_minor: number;
            /** Format: int64 */
            closing_minor: number;
            payouts: components["schemas"]["PayoutMove"][];
        };
        /** @description A payout of the month, or one that came back. */
        PayoutMove: {
            id: string;
            /** Format: date */
            day: string;
            /**
             * Format: int64
             * @description That left the provider; less than 0 when it came back.
             */
            amount_minor: number;
            is_on_bank: boolean;
        };
        /** @description What left the providers and is not on the bank. Opening + paid out - returned - on the bank - charges = closing. */
        TransitClose: {
            currency: string;
            /** Format: int64 */
            opening_minor: number;
            /** Format: int64 */
            paid_out_minor: number;
            /** Format: int64 */
            returned_minor: number;
            /** Format: int64 */
            on_bank_minor: number;
            /** Format: int64 */
            bank_charges_minor: number;
            /** Format: int64 */
            closing_minor: number;
        };
        /** @description What banks of visitors took, and may give back. Opening + disputed - won - lost = closing. */
        ClaimsClose: {
            currency: string;
            /** Format: int64 */
            opening_minor: number;
            /** Format: int64 */
            disputed_minor: number;
            /** Format: int64 */
            won_minor: number;
            /** Format: int64 */
            lost_minor: number;
            /** Format: int64 */
            closing_minor: number;
        };
        /** @description What a provider holds back. */
        ReserveClose: {
            processor: string;
            account: string;
            currency: string;
            /** Format: int64 */
            opening_minor: number;
            /** Format: int64 */
            closing_minor: number;
        };
        /** @description Findings about days until the end of the month; their amounts have no sign. And the balance of the suspense account. */
        UnexplainedClose: {
            currency: string;
            open: components["schemas"]["SettlementTally"];
            accepted: components["schemas"]["SettlementTally"];
            /** Format: int64 */
            suspense_opening_minor: number;
            /** Format: int64 */
            suspense_closing_minor: number;
        };
        /** @description How many, and what they come to. */
        SettlementTally: {
            /** Format: int64 */
            count: number;
            /** Format: int64 */
            amount_minor: number;
        };
        /** @description An account at a provider in one currency. */
        SettlementAccount: {
            processor: string;
            account: string;
            currency: string;
            captured: components["schemas"]["SettlementTally"];
            refunded: components["schemas"]["SettlementTally"];
            refunds_failed: components["schemas"]["SettlementTally"];
            disputed: components["schemas"]["SettlementTally"];
            disputes_won: components["schemas"]["SettlementTally"];
            customer_lines: components["schemas"]["SettlementTally"];
            waiting: components["schemas"]["SettlementTally"];
            overdue: components["schemas"]["SettlementTally"];
            unknown: components["schemas"]["SettlementTally"];
            /** Format: int64 */
            differences_minor: number;
            /** Format: int64 */
            lines: number;
            /** @description By kind, in minor units; less than 0 when given back. */
            fees_minor: {
                [key: string]: number;
            };
            payouts: components["schemas"]["SettlementPayout"][];
            /** Format: int64 */
            net_minor: number;
            /** Format: int64 */
            paid_minor: number;
            /** Format: int64 */
            returned_minor: number;
            /** Format: int64 */
            carry_minor: number;
            /** Format: int64 */
            unpaid_minor: number;
            /** Format: int64 */
            reserve_minor: number;
            /** Format: int64 */
            payout_differences_minor: number;
            /** Format: int64 */
            facts_left_over_minor: number;
            /** Format: int64 */
            balance_left_over_minor: number;
        };
        /** @description Carried in + net of its lines - carried on = amount. */
        SettlementPayout: {
            id: string;
            /** @enum {string} */
            state: "on_the_way" | "paid_out" | "missing" | "returned";
            /**
             * Format: date
             * @description When it is due at the bank; missing where nobody tells.
             */
            arrival?: string;
            /** Format: int64 */
            lines: number;
            /** Format: int64 */
            gross_minor: number;
            /** Format: int64 */
            fee_minor: number;
            /** Format: int64 */
            net_minor: number;
            /** Format: int64 */
            carry_in_minor: number;
            /** Format: int64 */
            amount_minor: number;
            /** Format: int64 */
            carry_out_minor: number;
            adds_up: boolean;
            /**
             * Format: int64
             * @description What the bank booked; missing while it has not.
             */
            bank_minor?: number;
            /** Format: int64 */
            bank_charges_minor: number;
            /** @description In a list of payouts alone, like account and currency. */
            processor?: string;
            account?: string;
            currency?: string;
        };
        /** @description By account and arrival. */
        SettlementPayouts: {
            /** Format: date-time */
            as_of: string;
            payouts: components["schemas"]["SettlementPayout"][];
        };
        /** @description In the order of their ids. */
        PayoutLines: {
            payout: string;
            lines: components["schemas"]["PayoutLine"][];
        };
        /** @description As the provider wrote it. Amounts are minor units. */
        PayoutLine: {
            id: string;
            /** @enum {string} */
            kind: "charge" | "refund" | "refund_failure" | "dispute" | "dispute_reversal" | "fee" | "tax" | "reserve" | "payout_reversal" | "unknown";
            /** @description Our TR… where it is told. */
            reference: string;
            /** @description Id at the provider of what caused it. */
            source_id: string;
            currency: string;
            /** Format: int64 */
            gross_minor: number;
            /** Format: int64 */
            fee_minor: number;
            /** Format: int64 */
            net_minor: number;
            /** @description By kind, in minor units; less than 0 when given back. */
            fees_minor: {
                [key: string]: number;
            };
            /** @description As written, in whatever zone. */
            at: string;
            /** @description What the visitor saw, where it was converted. */
            facing?: {
                /** Format: int64 */
                amount_minor: number;
                currency: string;
            };
        };
        /** @description RFC 9457, with the platform's own `message`. */
        Problem: {
            /**
             * Format: uri-reference
             * @description Stable; decide by this. See the table under Errors.
             * @enum {string}
             */
            type: "/problems/malformed-request" | "/problems/malformed-json" | "/problems/invalid-request" | "/problems/invalid-signature" | "/problems/unauthorized" | "/problems/forbidden" | "/problems/foreign-page" | "/problems/sign-in-again" | "/problems/second-person-needed" | "/problems/ticket-out-of-scope" | "/problems/not-found" | "/problems/unknown-ticket" | "/problems/unknown-transaction" | "/problems/unknown-message" | "/problems/unknown-review" | "/problems/unknown-run" | "/problems/unknown-finding" | "/problems/method-not-allowed" | "/problems/request-timeout" | "/problems/already-paid" | "/problems/payment-in-progress" | "/problems/not-refundable" | "/problems/not-closable" | "/problems/not-askable" | "/problems/review-held" | "/problems/no-receiver" | "/problems/plan-changed" | "/problems/month-not-closable" | "/problems/run-not-steerable" | "/problems/key-in-use" | "/problems/body-too-large" | "/problems/target-too-long" | "/problems/unsupported-media-type" | "/problems/code-not-offered" | "/problems/review-not-closable" | "/problems/refund-too-large" | "/problems/run-too-large" | "/problems/sums-differ" | "/problems/key-reused" | "/problems/rate-limited" | "/problems/headers-too-large" | "/problems/provider-refused" | "/problems/provider-garbled" | "/problems/provider-unavailable" | "/problems/provider-timeout" | "/problems/tickets-unavailable" | "/problems/tickets-timeout" | "/problems/storage-unavailable" | "/problems/overloaded" | "/problems/internal";
            /** @description What kind of problem it is. */
            title: string;
            /** @description The reply's HTTP status. */
            status: number;
            /** @description What was wrong this time. */
            detail: string;
            /** @description Equal to `detail`. */
            message: string;
            /**
             * Format: uri-reference
             * @description The request's `X-Request-Id`; in a replayed answer the first request's.
             */
            instance: string;
            /** @description Every wrong member, of `invalid-request` only; missing when a header is wrong. */
            errors?: {
                /**
                 * Format: json-pointer
                 * @description RFC 6901; "" is the whole body.
                 */
                pointer: string;
                detail: string;
            }[];
            /**
             * Format: int64
             * @description The attempt that this is about, where there is one.
             */
            transaction_id?: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listTicketIds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticket_ids": [
                     *         42,
                     *         31090
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description Distinct, ascending. */
                        ticket_ids: components["schemas"]["TicketId"][];
                    };
                };
            };
        };
    };
    noteTicketScopes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tickets": [
                 *         {
                 *           "id": 42,
                 *           "flag": "HU",
                 *           "year": "2027",
                 *           "event": "OZORA"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    tickets: components["schemas"]["PlacedTicket"][];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": 1
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: int64
                         * @description How many transactions were elsewhere.
                         */
                        changed: number;
                    };
                };
            };
        };
    };
    listPaymentOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OptionsRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payment_options": [
                     *         {
                     *           "code": "NORMAL-TOTAL-FEE-EUR-SIMPLE",
                     *           "title": "Pay by card",
                     *           "note": "SimplePay",
                     *           "amount": 220,
                     *           "currency": "EUR",
                     *           "payment_mode": "SIMPLE"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description In the template's order. */
                        payment_options: components["schemas"]["PaymentOption"][];
                    };
                };
            };
        };
    };
    listTicketTransactions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ticket_id": 42
                 *     }
                 */
                "application/json": {
                    ticket_id: components["schemas"]["TicketId"];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transactions"];
                };
            };
        };
    };
    searchTransactions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "search_term": 123
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: int64
                     * @description The transaction's id.
                     */
                    search_term: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        transactions: components["schemas"]["Transaction"][];
                    };
                };
            };
        };
    };
    startPayment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartReply"];
                };
            };
        };
    };
    findTransactions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "TR123",
                 *       "status": [
                 *         "paid",
                 *         "partially_refunded"
                 *       ],
                 *       "limit": 50
                 *     }
                 */
                "application/json": components["schemas"]["FindRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundTransactions"];
                };
            };
        };
    };
    sumMoney: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from": "2026-11-29",
                 *       "to": "2026-11-30",
                 *       "bucket": "hour",
                 *       "by": [
                 *         "processor"
                 *       ],
                 *       "measures": [
                 *         "paid",
                 *         "refunded"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SumsRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sums"];
                };
            };
        };
    };
    exportCsv: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "what": "movements",
                 *       "from": "2026-11-01",
                 *       "to": "2026-12-01",
                 *       "form": "excel-hu"
                 *     }
                 */
                "application/json": components["schemas"]["ExportRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    getTransaction: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "transaction_id": 123
                 *     }
                 */
                "application/json": components["schemas"]["TransactionReference"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransactionStory"];
                };
            };
        };
    };
    readMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "message_id": 88
                 *     }
                 */
                "application/json": components["schemas"]["MessageReference"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptMessage"];
                };
            };
        };
    };
    askProvider: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "transaction_id": 123
                 *     }
                 */
                "application/json": components["schemas"]["TransactionReference"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asked"];
                };
            };
        };
    };
    addNote: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "transaction_id": 123,
                 *       "text": "The visitor called and wants an invoice."
                 *     }
                 */
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Note"];
                };
            };
        };
    };
    reveal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "transaction_id": 123,
                 *       "why": "The visitor is on the phone and wants the receipt again."
                 *     }
                 */
                "application/json": components["schemas"]["RevealRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revealed"];
                };
            };
        };
    };
    exportPerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "kovacs@example.hu",
                 *       "why": "Asked for by letter on 12 November."
                 *     }
                 */
                "application/json": components["schemas"]["ExportPersonRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonExport"];
                };
            };
        };
    };
    erasePerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "kovacs@example.hu",
                 *       "why": "Asked for by letter on 12 November."
                 *     }
                 */
                "application/json": components["schemas"]["ErasePersonRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonReport"];
                };
            };
        };
    };
    listReviews: {
        parameters: {
            query?: {
                /** @description At most so many. */
                limit?: number;
                /** @description `next` of an earlier answer: what follows it. */
                after?: string;
                /**
                 * @description Of this kind alone, or of several, with commas between.
                 * @example dispute,inquiry
                 */
                kind?: string;
                /** @description What the caller has taken or put off alone. */
                mine?: boolean;
                /** @description What is on the list, or what was put off or closed and would be on it otherwise. */
                show?: "open" | "snoozed" | "closed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reviews"];
                };
            };
        };
    };
    closeReview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "dispute",
                 *       "number": 123,
                 *       "as": "closed",
                 *       "note": "Accepted; the visitor has cancelled in time."
                 *     }
                 */
                "application/json": components["schemas"]["ReviewOrder"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
        };
    };
    listActions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": [
                 *         "refund",
                 *         "reveal"
                 *       ],
                 *       "from": "2026-11-29"
                 *     }
                 */
                "application/json": components["schemas"]["ActionsRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Actions"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "state": "dead"
                 *     }
                 */
                "application/json": components["schemas"]["EventsRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutgoingEvents"];
                };
            };
        };
    };
    replayEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "all_dead": true
                 *     }
                 */
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedEvents"];
                };
            };
        };
    };
    skipEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "event_ids": [
                 *         "evt_019b76ddbb0000000000001f"
                 *       ],
                 *       "note": "The receiver was told by hand."
                 *     }
                 */
                "application/json": components["schemas"]["SkipRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedEvents"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "show": "unmatched"
                 *     }
                 */
                "application/json": components["schemas"]["MessagesRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptMessages"];
                };
            };
        };
    };
    retryMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "message_id": 7
                 *     }
                 */
                "application/json": components["schemas"]["RetryMessageRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetriedMessage"];
                };
            };
        };
    };
    sendTestEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["TestEventRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestedReceiver"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    refundPayment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "refund_id": "TR123-R1",
                     *       "transaction_id": 123,
                     *       "amount": 50,
                     *       "currency": "EUR",
                     *       "provider_refund_id": "re_example",
                     *       "refund_status": "made",
                     *       "amount_refunded": 50,
                     *       "status": "partially_refunded"
                     *     }
                     */
                    "application/json": components["schemas"]["RefundReply"];
                };
            };
        };
    };
    planRefunds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "event": "OZORA",
                 *         "year": "2027",
                 *         "paid_from": "2026-11-01"
                 *       },
                 *       "give": {
                 *         "all": true
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RefundPlanRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundPlan"];
                };
            };
        };
    };
    startRefundRun: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "event": "OZORA",
                 *         "year": "2027",
                 *         "paid_from": "2026-11-01"
                 *       },
                 *       "give": {
                 *         "all": true
                 *       },
                 *       "digest": "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
                 *       "name": "OZORA 2027 is cancelled",
                 *       "reason": "the event was cancelled",
                 *       "typed_sums": [
                 *         {
                 *           "processor": "SIMPLE",
                 *           "currency": "HUF",
                 *           "amount": 28385000
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["RefundRunOrder"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundRun"];
                };
            };
        };
    };
    listRefundRuns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "limit": 20
                 *     }
                 */
                "application/json": components["schemas"]["RefundRunsRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundRuns"];
                };
            };
        };
    };
    getRefundRun: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "run_id": 7,
                 *       "state": "refused"
                 *     }
                 */
                "application/json": components["schemas"]["RefundRunRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundRunPage"];
                };
            };
        };
    };
    steerRefundRun: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "run_id": 7,
                 *       "do": "release"
                 *     }
                 */
                "application/json": components["schemas"]["RefundRunSteering"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundRun"];
                };
            };
        };
    };
    listSettlementFiles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementFiles"];
                };
            };
        };
    };
    importSettlement: {
        parameters: {
            query?: {
                /** @description Which format it has, where its content must not decide. */
                format?: components["schemas"]["SettlementFormat"];
                /** @description Name of the file. That of a SimplePay report is the id of its payout. */
                name?: string;
                /** @description Merchant account or IBAN, where the file names none. */
                account?: string;
                /** @description Of which payout a list of Stripe's is. */
                payout?: string;
                /** @description A settlement without a line is no mistake. */
                allow_empty?: boolean;
                /** @description Keep nothing. */
                dry_run?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
                "application/json": unknown;
                "application/xml": string;
                "text/plain": string;
                "application/octet-stream": unknown;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedSettlement"];
                };
            };
        };
    };
    getSettlementReport: {
        parameters: {
            query?: {
                /** @description What was known at this moment (RFC 3339) is answered, files, facts and decisions of until then; now when not given. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementReport"];
                };
            };
        };
    };
    getMonthClose: {
        parameters: {
            query: {
                /**
                 * @description Which month, in the time zone of the service.
                 * @example 2026-11
                 */
                month: string;
                /** @description What was known at this moment (RFC 3339) is answered, files, facts and decisions of until then; now when not given. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MonthClose"];
                };
            };
        };
    };
    closeMonth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "month": "2026-11",
                 *       "reason": "the bank's charge of 3 EUR is with the bank"
                 *     }
                 */
                "application/json": components["schemas"]["MonthToClose"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MonthClose"];
                };
            };
        };
    };
    listSettlementEvents: {
        parameters: {
            query?: {
                /** @description All when it is not given. */
                state?: "waiting" | "told" | "dead" | "skipped";
                limit?: number;
                /** @description `next` of an earlier answer: what follows it. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementEvents"];
                };
            };
        };
    };
    listFindings: {
        parameters: {
            query?: {
                /** @description What was known at this moment (RFC 3339) is answered, files, facts and decisions of until then; now when not given. */
                as_of?: string;
                /** @description Only those that are open, or those that somebody has accepted. */
                state?: "open" | "accepted";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Findings"];
                };
            };
        };
    };
    listPayouts: {
        parameters: {
            query?: {
                /** @description What was known at this moment (RFC 3339) is answered, files, facts and decisions of until then; now when not given. */
                as_of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementPayouts"];
                };
            };
        };
    };
    listPayoutLines: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Its id; of SimplePay the name of the report without its ending.
                 * @example po_S1
                 */
                payout: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutLines"];
                };
            };
        };
    };
    acceptFinding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Its `key`.
                 * @example 0f1e2d3c4b5a6978
                 */
                finding: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "a test payment of our own"
                 *     }
                 */
                "application/json": components["schemas"]["FindingDecision"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Finding"];
                };
            };
        };
    };
    reopenFinding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Its `key`.
                 * @example 0f1e2d3c4b5a6978
                 */
                finding: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "a test payment of our own"
                 *     }
                 */
                "application/json": components["schemas"]["FindingDecision"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Finding"];
                };
            };
        };
    };
    exportBooks: {
        parameters: {
            query?: {
                /** @description Of `csv`, `hu` is for Excel in Hungarian. */
                profile?: "plain" | "hu";
                /** @description The first day; without it, from the beginning. */
                from?: string;
                /** @description The first day that does not count any more. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description What it is for. */
                format: "csv" | "hledger" | "ledger" | "beancount";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "text/plain": string;
                };
            };
        };
    };
    closePayment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "transaction_id": 123,
                 *       "reason": "SimplePay's support says that nobody paid it"
                 *     }
                 */
                "application/json": components["schemas"]["CloseRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transaction"];
                };
            };
        };
    };
    simplePayBackref: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "r": "eyJyIjowLCJ0Ijo1MTIzNDU2NzgsImUiOiJTVUNDRVNTIiwibSI6IlBVQkxJQ1RFU1RIVUYiLCJvIjoiVFIxMjMifQ==",
                 *       "s": "FRquRVEjD6yXjwnLo8+YInAGkFInHRR/Ao78TGFrLLOb1AxMaQCz8lRLfPNm3YUA"
                 *     }
                 */
                "application/json": {
                    /** @description The query parameter `r`, Base64 of a JSON text. */
                    r: string;
                    /** @description The query parameter `s`, SimplePay's signature of that text. */
                    s: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackrefReply"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "alive"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "alive";
                    };
                };
            };
        };
    };
    readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "ready";
                    };
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    openApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                        info: {
                            /** @constant */
                            title: "O.Z.O.R.A. Payments API";
                            version: string;
                            /** @description The git commit it was built from. */
                            "x-commit": string;
                            /**
                             * Format: date-time
                             * @description When it was built.
                             */
                            "x-build-time": string;
                        };
                        paths: Record<string, never>;
                    };
                };
            };
        };
    };
}
