// Made of openapi.yaml by generate.mjs: change that.
import type {
  Answer, Body, CallOptions, FileToImport, IfNoneMatch, Nothing, Places, Query,
} from '../types.js';

/** The operations of the contract. */
export interface Operations {
  /** List ticket ids: GET /payments/ticket-ids */
  listTicketIds(input?: Nothing, options?: CallOptions): Promise<Answer<'listTicketIds'>>;
  listTicketIds(input: IfNoneMatch, options?: CallOptions): Promise<Answer<'listTicketIds'> | null>;
  /** Note where tickets are: POST /payments/ticket-scopes */
  noteTicketScopes(input: Body<'noteTicketScopes'>, options?: CallOptions): Promise<Answer<'noteTicketScopes'>>;
  /** List payment options: POST /payments/options */
  listPaymentOptions(input: Body<'listPaymentOptions'>, options?: CallOptions): Promise<Answer<'listPaymentOptions'>>;
  /** List ticket transactions: POST /payments/transactions */
  listTicketTransactions(input: Body<'listTicketTransactions'>, options?: CallOptions): Promise<Answer<'listTicketTransactions'>>;
  /** Search transactions: POST /payments/search */
  searchTransactions(input: Body<'searchTransactions'>, options?: CallOptions): Promise<Answer<'searchTransactions'>>;
  /** Start payment: POST /payments/start */
  startPayment(input: Body<'startPayment'>, options?: CallOptions): Promise<Answer<'startPayment'>>;
  /** Find transactions: POST /payments/find */
  findTransactions(input: Body<'findTransactions'>, options?: CallOptions): Promise<Answer<'findTransactions'>>;
  /** Sum money: POST /payments/sums */
  sumMoney(input: Body<'sumMoney'>, options?: CallOptions): Promise<Answer<'sumMoney'>>;
  /** Export CSV: POST /payments/export */
  exportCsv(input: Body<'exportCsv'>, options?: CallOptions): Promise<ReadableStream<Uint8Array>>;
  /** Get transaction: POST /payments/transaction */
  getTransaction(input: Body<'getTransaction'>, options?: CallOptions): Promise<Answer<'getTransaction'>>;
  /** Read message: POST /payments/message */
  readMessage(input: Body<'readMessage'>, options?: CallOptions): Promise<Answer<'readMessage'>>;
  /** Ask provider: POST /payments/ask */
  askProvider(input: Body<'askProvider'>, options?: CallOptions): Promise<Answer<'askProvider'>>;
  /** Add note: POST /payments/notes */
  addNote(input: Body<'addNote'>, options?: CallOptions): Promise<Answer<'addNote'>>;
  /** Reveal: POST /payments/reveal */
  reveal(input: Body<'reveal'>, options?: CallOptions): Promise<Answer<'reveal'>>;
  /** Export a visitor’s data: POST /payments/person/export */
  exportPerson(input: Body<'exportPerson'>, options?: CallOptions): Promise<Answer<'exportPerson'>>;
  /** Erase a visitor’s data: POST /payments/person/erase */
  erasePerson(input: Body<'erasePerson'>, options?: CallOptions): Promise<Answer<'erasePerson'>>;
  /** List reviews: GET /payments/review */
  listReviews(input?: Query<'listReviews'>, options?: CallOptions): Promise<Answer<'listReviews'>>;
  /** Close review: POST /payments/review/close */
  closeReview(input: Body<'closeReview'>, options?: CallOptions): Promise<Answer<'closeReview'>>;
  /** List actions: POST /payments/actions */
  listActions(input: Body<'listActions'>, options?: CallOptions): Promise<Answer<'listActions'>>;
  /** List events: POST /payments/events/list */
  listEvents(input: Body<'listEvents'>, options?: CallOptions): Promise<Answer<'listEvents'>>;
  /** Replay events: POST /payments/events/replay */
  replayEvents(input: Body<'replayEvents'>, options?: CallOptions): Promise<Answer<'replayEvents'>>;
  /** Skip events: POST /payments/events/skip */
  skipEvents(input: Body<'skipEvents'>, options?: CallOptions): Promise<Answer<'skipEvents'>>;
  /** List messages: POST /payments/messages */
  listMessages(input: Body<'listMessages'>, options?: CallOptions): Promise<Answer<'listMessages'>>;
  /** Retry message: POST /payments/messages/retry */
  retryMessage(input: Body<'retryMessage'>, options?: CallOptions): Promise<Answer<'retryMessage'>>;
  /** Send test event: POST /payments/events/test */
  sendTestEvent(input: Body<'sendTestEvent'>, options?: CallOptions): Promise<Answer<'sendTestEvent'>>;
  /** Get health: GET /payments/health */
  getHealth(input?: Nothing, options?: CallOptions): Promise<Answer<'getHealth'>>;
  /** Refund payment: POST /payments/refunds */
  refundPayment(input: Body<'refundPayment'>, options?: CallOptions): Promise<Answer<'refundPayment'>>;
  /** Plan a refund run: POST /payments/refund-runs/plan */
  planRefunds(input: Body<'planRefunds'>, options?: CallOptions): Promise<Answer<'planRefunds'>>;
  /** Start a refund run: POST /payments/refund-runs */
  startRefundRun(input: Body<'startRefundRun'>, options?: CallOptions): Promise<Answer<'startRefundRun'>>;
  /** List refund runs: POST /payments/refund-runs/list */
  listRefundRuns(input: Body<'listRefundRuns'>, options?: CallOptions): Promise<Answer<'listRefundRuns'>>;
  /** Get a refund run: POST /payments/refund-run */
  getRefundRun(input: Body<'getRefundRun'>, options?: CallOptions): Promise<Answer<'getRefundRun'>>;
  /** Steer a refund run: POST /payments/refund-run/steer */
  steerRefundRun(input: Body<'steerRefundRun'>, options?: CallOptions): Promise<Answer<'steerRefundRun'>>;
  /** List settlement files: GET /payments/settlement/files */
  listSettlementFiles(input?: Nothing, options?: CallOptions): Promise<Answer<'listSettlementFiles'>>;
  /** Import a settlement file: POST /payments/settlement/files */
  importSettlement(input: Query<'importSettlement'> & FileToImport, options?: CallOptions): Promise<Answer<'importSettlement'>>;
  /** Get the settlement report: GET /payments/settlement/report */
  getSettlementReport(input?: Query<'getSettlementReport'>, options?: CallOptions): Promise<Answer<'getSettlementReport'>>;
  /** Get the close of a month: GET /payments/settlement/close */
  getMonthClose(input?: Query<'getMonthClose'>, options?: CallOptions): Promise<Answer<'getMonthClose'>>;
  /** Close a month for good: POST /payments/settlement/close */
  closeMonth(input: Body<'closeMonth'>, options?: CallOptions): Promise<Answer<'closeMonth'>>;
  /** List events of settlements: GET /payments/settlement/events */
  listSettlementEvents(input?: Query<'listSettlementEvents'>, options?: CallOptions): Promise<Answer<'listSettlementEvents'>>;
  /** List findings: GET /payments/settlement/findings */
  listFindings(input?: Query<'listFindings'>, options?: CallOptions): Promise<Answer<'listFindings'>>;
  /** List payouts: GET /payments/settlement/payouts */
  listPayouts(input?: Query<'listPayouts'>, options?: CallOptions): Promise<Answer<'listPayouts'>>;
  /** List the lines of a payout: GET /payments/settlement/payouts/{payout}/lines */
  listPayoutLines(input: Places<'listPayoutLines'>, options?: CallOptions): Promise<Answer<'listPayoutLines'>>;
  /** Accept a finding: POST /payments/settlement/findings/{finding}/accept */
  acceptFinding(input: Places<'acceptFinding'> & Body<'acceptFinding'>, options?: CallOptions): Promise<Answer<'acceptFinding'>>;
  /** Reopen a finding: POST /payments/settlement/findings/{finding}/reopen */
  reopenFinding(input: Places<'reopenFinding'> & Body<'reopenFinding'>, options?: CallOptions): Promise<Answer<'reopenFinding'>>;
  /** Export the books: GET /payments/exports/{format} */
  exportBooks(input: Places<'exportBooks'> & Query<'exportBooks'>, options?: CallOptions): Promise<ReadableStream<Uint8Array>>;
  /** Close payment: POST /payments/close */
  closePayment(input: Body<'closePayment'>, options?: CallOptions): Promise<Answer<'closePayment'>>;
  /** SimplePay backref: POST /payments/simplepay/backref */
  simplePayBackref(input: Body<'simplePayBackref'>, options?: CallOptions): Promise<Answer<'simplePayBackref'>>;
  /** Is the process alive: GET /healthz */
  health(input?: Nothing, options?: CallOptions): Promise<Answer<'health'>>;
  /** Can the service take requests: GET /readyz */
  readiness(input?: Nothing, options?: CallOptions): Promise<Answer<'readiness'>>;
  /** Metrics for Prometheus: GET /metrics */
  metrics(input?: Nothing, options?: CallOptions): Promise<string>;
  /** This contract: GET /openapi.json */
  openApi(input?: Nothing, options?: CallOptions): Promise<Answer<'openApi'>>;
}
