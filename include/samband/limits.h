/* limits.h: every limit and every time of Samband, in one place, each with its reason.
 * A name's end is its unit. Cores allocate only within these. */
#ifndef SAMBAND_LIMITS_H
#define SAMBAND_LIMITS_H

#include <assert.h>

/* Names and texts. */
#define SB_NAME_SIZE_MAX  40  /* organisation, function, forum, agent, operator: "o:" and 36 more */
#define SB_SEAT_SIZE_MAX  128 /* "~org/function:via", three names and four marks */
#define SB_TEXT_SIZE_MAX  16384 /* one free text; a picture's longest section */
#define SB_TITLE_SIZE_MAX 200   /* fits one SMS together with the class and the time */
#define SB_WHY_SIZE_MAX   512   /* a refusal's sentence: what, which value, what to do */

/* Frames and events (PROTOCOL.md, Limits). */
#define SB_FRAME_SIZE_MAX 262144 /* one ZeroMQ message; a larger one is refused with a reason */
/* A larger one is still taken in whole up to here, so that whoever sent it is told and it is
 * counted; past it libzmq (ZMQ_MAXMSGSIZE) cuts the connection and tells nobody. Twice the limit:
 * a sender that is wrong by a little, or builds one entry too many, learns why. */
#define SB_FRAME_SIZE_HEARD_MAX (2 * SB_FRAME_SIZE_MAX)
/* Messages of one peer that lie in memory before TCP makes it wait. What one turn takes in: more
 * would only wait here instead of there. It bounds what an enrolled peer can make us hold: 128 MiB,
 * half of what an agent's unit may use. */
#define SB_FRAMES_WAITING_MAX 256
#define SB_BODY_SIZE_MAX      65536 /* facts and text of one event, with their salts */
#define SB_HEADER_SIZE_MAX    2048  /* header: fixed-size fields and names only */
#define SB_CERT_SIZE_MAX      4096  /* a certificate with its issuer's */
#define SB_OWN_SIZE_MAX       8192  /* one recipient's own part: its called seats */
#define SB_ORDER_SIZE_MAX     32768 /* a signed request to the control endpoint */
#define SB_ENTRY_SIZE_MAX \
    (SB_HEADER_SIZE_MAX + SB_BODY_SIZE_MAX + SB_CERT_SIZE_MAX + SB_OWN_SIZE_MAX + 256)
#define SB_LIST_COUNT_MAX 4096   /* strings in one list field: seats of one event */
#define SB_DEPTH_MAX      8      /* nesting of MessagePack that is ever looked at */
#define SB_ROW_SIZE_MAX   524288 /* one record of the store: an entry with its frozen audience */
static_assert(SB_ENTRY_SIZE_MAX + 512 <= SB_FRAME_SIZE_MAX, "a frame holds at least one entry");
static_assert(SB_FRAMES_WAITING_MAX * SB_FRAME_SIZE_HEARD_MAX <= 128 << 20,
              "one peer cannot fill an agent's memory");

/* The link (PROTOCOL.md, Link). */
#define SB_ORGS_PER_AGENT_MAX   32      /* one rescue central answers for some small kommuner */
#define SB_ENTRIES_PER_DATA_MAX 64      /* keeps one turn bounded */
#define SB_WINDOW_BYTES_URGENT  1048576 /* unreceipted bytes per session in the urgent lanes */
#define SB_WINDOW_BYTES_BULK    131072 /* and in the bulk lanes: small, so that urgent never waits */
#define SB_PING_EVERY_MS        5000   /* application ping, proves the loop thread */
#define SB_SILENT_AFTER_MS      15000  /* three pings missed: the session is gone */
#define SB_HELLO_EVERY_MS       1000   /* an unanswered HELLO is sent again */
#define SB_RESEND_AFTER_MS      4000   /* DATA without receipt goes again */
#define SB_RESENDS_MAX          3      /* in vain, then a new handshake settles what is held */
#define SB_REWIND_EVERY_MS      200    /* a receiver's "again" is heard at most this often */
#define SB_PROOF_AFTER_MS       200    /* idle time before receipts are signed */
#define SB_PROOF_LATEST_MS      1000   /* and under a steady flow of receipts */
#define SB_DRAIN_MS             2000   /* nobody is woken before the agent has drained, or this */
#define SB_RECONNECT_MIN_MS     100    /* spread between these two, seeded from the kernel */
#define SB_RECONNECT_MAX_MS     2000
#define SB_RECEIPT_RING         8 /* receipts whose time a stream's row remembers */
/* No store ever counts so many sessions: a larger number is refused in a HELLO. Where somebody with
 * an agent's key came close, the broker goes on counting, so that there is always a next, and what
 * stores remember stays here: also an older store of the broker's then knows the agent's number. */
#define SB_SESSION_MAX         (1ull << 53)
#define SB_SESSION_OFFERED_MAX (2 * SB_SESSION_MAX) /* in a WELCOME */
static_assert(SB_SILENT_AFTER_MS >= 3 * SB_PING_EVERY_MS, "one lost ping is not silence");
static_assert(SB_WINDOW_BYTES_BULK >= SB_ENTRY_SIZE_MAX, "a bulk entry must fit its window");

/* What one agent may ask of the broker (PROTOCOL.md, What an agent may ask). Honest agents stay far
 * below: what comes after a day without contact is spent from the beginning, not from the flow. */
#define SB_WORK_PER_TURN_MAX                                                                     \
    64                          /* of one agent: one full DATA frame, then the turn is committed \
                                 */
#define SB_WORK_MAX        4096 /* frames and entries at once */
#define SB_WORK_PER_SECOND 256  /* and lastingly; a HELLO and a refused entry count for more */
#define SB_WORK_HELLO      128 /* it reads the certificate and every stream, and may send all again */
#define SB_WORK_HANDSHAKE  32            /* a new connection, before any frame */
#define SB_WORK_REFUSED    4             /* a frame or an entry that is answered with a refusal */
#define SB_KEPT_BYTES_MAX  (64ull << 20) /* entries of one agent in the store at once */
#define SB_KEPT_BYTES_PER_HOUR                                         \
    (16ull << 20) /* lastingly: days until one fills the store's quota \
                   */
#define SB_KEPT_BESIDE                                                        \
    1024 /* bytes that an entry costs beside itself: its row, a verdict on it \
          */
#define SB_MISDEED_TOLD_MS  1000 /* what was dropped is added to the store at most this often */
#define SB_MISDEED_SHOWN_MS (24ull * 3600 * 1000) /* after the last one the board forgets them */
/* Connections without a key in SB_COMPLAIN_EVERY_MS that are many: what probes whether the port is
 * open (a load balancer, an inventory of the network) comes a few times in it, and a county's
 * agents whose network comes and goes seldom all stop halfway. */
#define SB_STRANGERS_MANY     50
#define SB_STRANGERS_SHOWN_MS (3600ull * 1000) /* after the last many the board forgets them */
static_assert(SB_WORK_PER_TURN_MAX >= SB_ENTRIES_PER_DATA_MAX, "a DATA frame fits a turn");
static_assert(SB_WORK_PER_SECOND * SB_HELLO_EVERY_MS / 1000 >= SB_WORK_HELLO + SB_WORK_HANDSHAKE,
              "who greets as often as it may is never over");

/* Reach. */
#define SB_ANSWER_BY_DEFAULT_MS    300000 /* Oestergoetland asks for a receipt within 5 minutes */
#define SB_STEP_DEFAULT_MS         120000 /* one person's time before the next is tried */
#define SB_JUDGE_AFTER_MS          50    /* from storing an event to judging it and waking people */
#define SB_STEP_MIN_MS             500   /* shortest that a roster may ask for (demo, drills) */
#define SB_ATTEMPT_RETRY_MS        10000 /* a channel that said "try again" */
#define SB_ATTEMPT_RETRY_MAX       3
#define SB_ATTEMPT_SIZE_MAX        144   /* a key: 8 digits, three names, a number, the marks */
#define SB_ATTEMPT_LIMIT_MS        30000 /* a site's program may take this long, then is ended */
#define SB_PEOPLE_MAX              256   /* people in one roster */
#define SB_PER_FUNCTION_MAX        16    /* people in order for one function, deputies included */
#define SB_FUNCTIONS_MAX           64
#define SB_CHANNELS_PER_PERSON_MAX 4
#define SB_MANDATES_PER_PERSON_MAX 8

/* Domain. */
#define SB_ORGS_MAX            1024
#define SB_FORUMS_MAX          256
#define SB_SEATS_PER_EVENT_MAX 2048
#define SB_TOKEN_VALID_MS      (72ull * 3600 * 1000) /* an invitation lives three days */
/* A recovered event waits so long for the one that tells who else was to have it. */
#define SB_AUDIENCE_WAIT_MS    60000
#define SB_JUDGED_PER_TURN_MAX 2048 /* rows that an agent judges before it commits */
#define SB_CERTS_KNOWN_MAX     256u /* checked signatures of certificates that are remembered */
#define SB_CERT_EARLY_MS       (24ull * 3600 * 1000) /* believed before it is valid: clocks err */
#define SB_CERT_VALID_MS       (730ull * 24 * 3600 * 1000)
#define SB_CLOCK_BRIDGE_MAX_MS \
    (24ull * 3600 * 1000) /* most that the wall clock may add over a reboot */

/* Daemons. */
#define SB_TURN_INPUTS_MAX     256          /* inputs stepped before one commit */
#define SB_TICK_MAX_MS         1000         /* longest wait of a loop */
#define SB_COMPLAIN_EVERY_MS   10000        /* one reason of one peer is told once in this time */
#define SB_REQUESTS_KEPT_MAX   4096         /* replies kept for a request id asked again */
#define SB_STORE_MAP_BYTES     (1ull << 34) /* address space, sparse */
#define SB_STORE_QUOTA_MIB     2048 /* most that a store may use, where the settings say nothing */
#define SB_STORE_QUOTA_MIB_MIN 4    /* what is kept free for answers holds some of them even so */
#define SB_STORE_QUOTA_MIB_MAX 8192
/* From these parts of its quota a store is low, scarce, and takes no new orders; what is left then
 * is for receipts, answers and recalls. */
#define SB_ROOM_LOW_PERCENT    80
#define SB_ROOM_SCARCE_PERCENT 95
#define SB_ROOM_NONE_PERCENT   98
/* From these free bytes of its disk it is low and scarce; it takes no new orders when its file
 * cannot grow (proto/store/room.h). */
#define SB_DISK_LOW_BYTES    (64ull << 20)
#define SB_DISK_SCARCE_BYTES (16ull << 20)
/* A store's file is kept ahead of what lies in it, in steps; what is kept free is what answers and
 * receipts go on in when the disk is full: some hundreds (proto/store/room.h). */
#define SB_ROOM_STEP_BYTES  (2u << 20)
#define SB_ROOM_LEAST_BYTES (1u << 20)
static_assert(SB_ROOM_LEAST_BYTES < SB_ROOM_STEP_BYTES, "a step lasts for more than one commit");
#define SB_FULL_TRY_EVERY_MS 1000 /* a full daemon looks whether there is room again */
static_assert((unsigned long long)SB_STORE_QUOTA_MIB_MAX << 20 < SB_STORE_MAP_BYTES,
              "the quota is met before the map's end, whose refusal nobody can foresee");
#define SB_CONTROL_WAIT_MS 8000 /* the command line waits this long for a reply */

#endif
