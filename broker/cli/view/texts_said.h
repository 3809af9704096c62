/* texts_said.h: what the program says while it works: the first part of the table of texts.h.
 * X(NAME, Swedish, English). {1} {2} … are filled in by the caller; in patterns of events {title}
 * and the like are fields by their JSON names, and [a part] is left out where a field of it is not
 * set. */
#ifndef SAMBAND_CLI_TEXTS_SAID_H
#define SAMBAND_CLI_TEXTS_SAID_H

#define SB_TEXTS_SAID(X)                                                                               \
    X(YES, "ja", "yes")                                                                                \
    X(NO, "nej", "no")                                                                                 \
    X(NOW, "nu", "now")                                                                                \
    X(DAY, "dygn", "day")                                                                              \
    X(DAYS, "dygn", "days")                                                                            \
    X(AHEAD, "om {1}", "in {1}")                                                                       \
    X(AGO, "för {1} sedan", "{1} ago")                                                                 \
    X(EMPTY, "inget att visa", "nothing to show")                                                      \
    X(OUTPUT_LOST, "Svaret kunde inte skrivas ut (full disk?); kommandot är utfört.",                  \
      "The answer could not be written (disk full?); the command is done.")                            \
    X(DONE, "{1}: klart", "{1}: done")                                                                 \
    /* Times. */                                                                                       \
    X(TIME_ECHO, "{1}: {2} ({3})", "{1}: {2} ({3})")                                                   \
    X(TIME_UNREADABLE,                                                                                 \
      "\"{1}\" är ingen tid. Skriv 03:00 (nästa), +20m, +1h30m eller 2026-12-31T03:00.",               \
      "\"{1}\" is no time. Write 03:00 (the next), +20m, +1h30m or 2026-12-31T03:00.")                 \
    X(TIME_DOUBLED,                                                                                    \
      "\"{1}\" finns två gånger den natten (klockan ställs om). Skriv {2} eller {3}.",                 \
      "\"{1}\" comes twice that night (the clocks change). Write {2} or {3}.")                         \
    X(TIME_LOST, "\"{1}\" finns inte: klockan ställs fram då. Skriv en tid före eller efter.",         \
      "\"{1}\" does not exist: the clocks go forward then. Write a time before or after.")             \
    X(TIME_NOT_FUTURE, "\"{1}\" har varit; här behövs en tid som kommer, som +20m eller 03:00.",       \
      "\"{1}\" is past; a time to come is needed here, like +20m or 03:00.")                           \
    X(TIME_NOT_PAST, "\"{1}\" har inte varit än; här behövs en tid som varit, som -10m.",              \
      "\"{1}\" has not been yet; a past time is needed here, like -10m.")                              \
    /* Values. */                                                                                      \
    X(WORD_UNKNOWN, "{1}: \"{2}\" är inget av: {3}.", "{1}: \"{2}\" is none of: {3}.")                 \
    X(NUMBER_UNREADABLE, "{1}: \"{2}\" är inget tal.", "{1}: \"{2}\" is no number.")                   \
    X(NAME_UNREADABLE,                                                                                 \
      "{1}: ett namn har högst {2} tecken ur a-z, 0-9, _ - och :. Se samband org list och "           \
      "samband forum list.",                                                                           \
      "{1}: a name has at most {2} characters out of a-z, 0-9, _ - and :. See samband org list "       \
      "and samband forum list.")                                                                       \
    X(TEXT_TOO_LONG, "{1}: för lång text; högst {2} byte.",                                            \
      "{1}: text too long; at most {2} "                                                               \
      "bytes.")                                                                                        \
    X(TEXT_NOT_TEXT, "{1}: inte UTF-8, eller styrtecken i texten. Spara den som ren text.",            \
      "{1}: not UTF-8, or control characters in the text. Save it as plain text.")                     \
    X(TEXT_BLANK, "{1}: tom text. Skriv något, eller utelämna den.",                                   \
      "{1}: an empty text. Write something, or leave it out.")                                         \
    X(TEXT_TWICE, "{1}: angiven två gånger. Välj den ena (till exempel --text eller --file).",         \
      "{1}: given twice. Choose one of them (--text or --file, for example).")                         \
    X(ORG_NOT_CALLED, "{1} är inte kallad här, eller finns inte. Se samband org list.",                \
      "{1} is not called here, or there is none. See samband org list.")                               \
    X(FILE_UNREADABLE, "Filen {1} kan inte läsas: {2}.", "The file {1} cannot be read: {2}.")          \
    X(FILE_TOO_LONG, "Filen {1} är för stor; högst {2} byte.",                                         \
      "The file {1} is too large; at most {2} bytes.")                                                 \
    X(SECTION_UNKNOWN,                                                                                 \
      "{1}, rad {2}: skriv en rubrik först, var och en högst en gång: # händelsen, # "             \
      "konsekvenser, "                                                                                 \
      "# åtgärder, # resurser och behov, # bedömning, # budskap.",                                     \
      "{1}, line {2}: write a heading first, each at most once: # what happened, # consequences, "     \
      "# measures, # resources and needs, # assessment, # public message.")                            \
    X(KIND_UNKNOWN,                                                                                    \
      "\"{1}\" är inget slag. Skriv till exempel kallelse, information, lägesbild eller "            \
      "återkallelse.",                                                                                 \
      "\"{1}\" is no kind. Write for example convening, information, picture or recall.")              \
    X(NEEDS_TO, "Vem ska ha det? Ange forum först eller --to FORUM, ORG eller ORG/FUNKTION.",          \
      "Who is to have it? Name a forum first, or --to FORUM, ORG or ORG/FUNCTION.")                    \
    X(NEEDS_TEXT, "Texten saknas: --text TEXT eller --file FIL.",                                      \
      "The text is missing: --text TEXT or --file FILE.")                                              \
    X(NEEDS_SECTION,                                                                                   \
      "Innehållet saknas: --happened TEXT, --assessment TEXT … eller --file FIL med rubriker.",        \
      "The content is missing: --happened TEXT, --assessment TEXT … or --file FILE with "            \
      "headings.")                                                                                     \
    X(NEEDS_BASIS,                                                                                     \
      "Ange på vilken grund och till när: --basis \"DELEGATION §4\" --until 2027-12-31.",              \
      "Tell on which basis and until when: --basis \"DELEGATION §4\" --until 2027-12-31.")             \
    X(NEEDS_ROLE,                                                                                      \
      "Ange både --role (viewer, exercise-operator, operator, admin) och --realm (SKARPT, "           \
      "ÖVNING, "                                                                                      \
      "PROV).",                                                                                        \
      "Give both --role (viewer, exercise-operator, operator, admin) and --realm (LIVE, "              \
      "EXERCISE, "                                                                                     \
      "TEST).")                                                                                        \
    X(ANSWER_UNKNOWN, "\"{1}\" är inget svar. Skriv ja, ansluter TID, ersättare eller nej.",           \
      "\"{1}\" is no answer. Write yes, at TIME, deputy or no.")                                       \
    X(ANSWER_NEEDS_TIME, "Ange när: samband answer ansluter 03:20.",                                   \
      "Tell when: samband answer at 03:20.")                                                           \
    X(ANSWER_TIME_ODD, "En tid hör bara till svaret ansluter: samband answer ansluter 03:20.",         \
      "A time goes with the answer at only: samband answer at 03:20.")                                 \
    /* Usage. */                                                                                       \
    X(USAGE_NO_VERB, "Vad ska göras? samband --help visar alla kommandon.",                            \
      "What is to be done? samband --help shows all commands.")                                        \
    X(USAGE_UNKNOWN_VERB, "\"{1}\" är inget kommando. samband --help visar alla.",                     \
      "\"{1}\" is no command. samband --help shows all.")                                              \
    X(USAGE_UNKNOWN_OPTION, "{1}: det valet finns inte här.",                                          \
      "{1}: there is no such option here.")                                                            \
    X(USAGE_NEEDS_VALUE, "{1}: ett värde ska följa.", "{1}: a value must follow.")                     \
    X(USAGE_TAKES_NO_VALUE, "{1}: tar inget värde.", "{1}: takes no value.")                           \
    X(USAGE_TWICE, "{1}: angivet två gånger.", "{1}: given twice.")                                    \
    X(USAGE_MISSING, "{1} saknas.", "{1} is missing.")                                                 \
    X(USAGE_TOO_MUCH,                                                                                  \
      "\"{1}\" hör inte hit. Text med mellanslag skrivs inom citattecken; en händelse är 4–64 "   \
      "hexadecimala siffror.",                                                                         \
      "\"{1}\" does not belong here. Put text with blanks in quotation marks; an event is 4-64 "       \
      "hexadecimal digits.")                                                                           \
    X(USAGE_MORE, "Mer: samband help {1}", "More: samband help {1}")                                   \
    X(PATH_TOO_LONG, "Profilens sökväg är för lång.", "The profile's path is too long.")               \
    /* Contact. */                                                                                     \
    X(NO_PROFILE,                                                                                      \
      "Ingen profil i {1}. Anslut med samband join INBJUDAN, eller peka ut en med --profile MAPP "     \
      "eller --connect ADRESS.",                                                                       \
      "No profile in {1}. Enrol with samband join TOKEN, or name one with --profile FOLDER or "        \
      "--connect ENDPOINT.")                                                                           \
    X(ENDPOINT_UNREADABLE, "Adressen är för lång: {1}", "The address is too long: {1}")                \
    X(NO_AGENT, "Ingen kontakt med agenten på {1}. Kör den? systemctl status samband-agent",           \
      "No contact with the agent at {1}. Is it running? systemctl status samband-agent")               \
    X(NO_BROKER,                                                                                       \
      "Ingen kontakt med centralen på {1}; inget har sänts. Prova samband check, och ring enligt "   \
      "larmlistan under tiden.",                                                                       \
      "No contact with the broker at {1}; nothing was sent. Try samband check, and ring by the "       \
      "call list meanwhile.")                                                                          \
    X(IS_OF_BROKER,                                                                                    \
      "{1} är centralens kommando; detta är agenten. Ange en profil: --profile MAPP.",                 \
      "{1} is the broker's command; this is the agent. Name a profile: --profile FOLDER.")             \
    X(IS_OF_AGENT,                                                                                     \
      "{1} är agentens kommando; detta är centralen. Ange agenten: --connect "                       \
      "ipc:///run/samband-agent/control",                                                              \
      "{1} is the agent's command; this is the broker. Name the agent: --connect "                     \
      "ipc:///run/samband-agent/control")                                                              \
    X(OUTCOME_UNKNOWN,                                                                                 \
      "Okänt utfall: begäran sändes till {1} men inget svar kom. Samma kommando igen är säkert: " \
      "det görs inte två gånger.",                                                                     \
      "Outcome unknown: the request was sent to {1} but no answer came. The same command again "       \
      "is "                                                                                            \
      "safe: it is not done twice.")                                                                   \
    X(PENDING_AGAIN, "Begäran från kl {1} frågas igen; inget görs två gånger.",                        \
      "The request of {1} is asked again; nothing is done twice.")                                     \
    X(PENDING_OLD,                                                                                     \
      "Samma kommando kl {1} fick inget svar och är för gammalt att fråga om. Se efter med "        \
      "samband "                                                                                       \
      "events om det gick fram; detta är en ny begäran.",                                              \
      "The same command at {1} got no answer and is too old to ask about. See with samband "           \
      "events "                                                                                        \
      "whether it arrived; this is a new request.")                                                    \
    X(REFUSED, "Nekat ({1}): {2}", "Refused ({1}): {2}")                                               \
    X(REFUSED_BARE, "Nekat: {1}", "Refused: {1}")                                                      \
    X(REMEDY_NOT_FOUND, "Se vad som finns: samband events, samband forum list, samband org list.",     \
      "See what there is: samband events, samband forum list, samband org list.")                      \
    X(REMEDY_NOT_ALLOWED,                                                                              \
      "Rollen räcker inte. Vilken profil används? samband check --profile {1}",                        \
      "The role does not allow it. Which profile is in use? samband check --profile {1}")              \
    X(REMEDY_REALM, "Byt till en profil för den typen (skarpt, övning, prov): --profile MAPP.",        \
      "Use a profile of that realm (live, exercise, test): --profile FOLDER.")                         \
    X(REMEDY_EXPIRED, "Be administratören om en ny inbjudan: samband operator invite.",                \
      "Ask the administrator for a new invitation: samband operator invite.")                          \
    X(REMEDY_SIGNATURE, "Nycklarna i {1} hör inte ihop. Kontrollera med samband check.",               \
      "The keys in {1} do not belong together. Look with samband check.")                              \
    X(REMEDY_VERSION, "Programmen är av olika version. samband version visar denna sidans.",           \
      "The programs are of different versions. samband version shows this side's.")                    \
    X(REMEDY_FULL,                                                                                     \
      "Lagringen är full: nytt tas inte emot, men återkallelse och läsning går. Larma driften.",       \
      "The store is full: nothing new is taken, but recall and reading work. Call operations.")        \
    X(REMEDY_USAGE, "Se samband help KOMMANDO.", "See samband help COMMAND.")                          \
    X(REMEDY_NO_CONTACT, "Prova samband check, och ring enligt larmlistan under tiden.",               \
      "Try samband check, and ring by the call list meanwhile.")                                       \
    X(REMEDY_UNKNOWN, "Samma kommando igen är säkert.", "The same command again is safe.")             \
    /* Preview and the word. */                                                                        \
    X(PREVIEW_ALL, "{1} organisationer, {2} kallade funktioner, alla med nåbar funktion.",             \
      "{1} organisations, {2} called functions, all within reach.")                                    \
    X(PREVIEW_SILENT, "{1} organisationer, {2} kallade funktioner, {3} utan nåbar funktion:",          \
      "{1} organisations, {2} called functions, {3} out of reach:")                                    \
    X(PREVIEW_EVENT,                                                                                   \
      "Gäller: {kind} {id}[ «{title}»][, {forum}], utfärdad {issued}[, "                           \
      "{audience_count} organisationer]",                                                              \
      "About: {kind} {id}[ \"{title}\"][, {forum}], issued {issued}[, {audience_count} "               \
      "organisations]")                                                                                \
    X(WORD_QUESTION, "{1}. Skriv {1} för att sända ({2}):", "{1}. Type {1} to send ({2}):")            \
    X(WORD_WRONG, "Bekräftelsen ska vara {1}, inte \"{2}\". Inget har sänts.",                         \
      "The confirmation must be {1}, not \"{2}\". Nothing was sent.")                                  \
    X(WORD_NEEDED, "Ingen att fråga här. Bekräfta i skript med --yes {1}. Inget har sänts.",           \
      "Nobody to ask here. Confirm in scripts with --yes {1}. Nothing was sent.")                      \
    X(PICK_EVENT, "[{realm} ]{kind} {id}[ «{title}»][ {forum}] {issued}",                              \
      "[{realm} ]{kind} {id}[ \"{title}\"][ {forum}] {issued}")                                        \
    X(PICK_QUESTION, "Vilken? Nummer, eller Enter för [1]:", "Which? Number, or Enter for [1]:")       \
    X(PICK_NOTHING, "{1}: det finns ingen händelse att välja.",                                        \
      "{1}: there is no event to choose.")                                                             \
    X(PICK_NONE, "Inget valt. Inget har sänts.", "None chosen. Nothing was sent.")                     \
    /* The board. Letters and short words fit 80 columns. */                                           \
    X(LETTER_RED, "R!", "R!")                                                                          \
    X(LETTER_AMBER, "A", "A")                                                                          \
    X(LETTER_GREEN, "G", "G")                                                                          \
    X(COLUMN_STATE, "ST", "ST")                                                                        \
    X(COLUMN_ORG, "ORGANISATION", "ORGANISATION")                                                      \
    X(COLUMN_FUNCTION, "FUNKTION", "FUNCTION")                                                         \
    X(COLUMN_STORED, "LAGRAD", "STORED")                                                               \
    X(COLUMN_NOTIFIED, "LARMAD", "TOLD")                                                               \
    X(COLUMN_ACKED, "KVITT", "ACK")                                                                    \
    X(COLUMN_MANDATE, "MANDAT", "MAND.")                                                               \
    X(COLUMN_ANSWER, "SVAR", "ANSWER")                                                                 \
    X(COLUMN_NEXT, "NÄSTA STEG", "NEXT STEP")                                                          \
    X(COLUMN_WORDING, "LÄGE", "STATE")                                                                 \
    X(MANDATE_VALID, "ja", "yes")                                                                      \
    X(MANDATE_NONE, "nej", "no")                                                                       \
    X(MANDATE_UNDECLARED, "ej anm", "undecl")                                                          \
    X(MANDATE_ENDED, "slut", "ended")                                                                  \
    X(MANDATE_NOT_NEEDED, "-", "-")                                                                    \
    X(ANSWER_AT, "kl {1}", "at {1}")                                                                   \
    X(RING, "ring {1}", "ring {1}")                                                                    \
    X(DARK_SINCE, "mörk sen {1}", "dark {1}")                                                          \
    X(STEP_PERSON, "nästa", "next")                                                                    \
    X(STEP_DEPUTY, "ersättare", "deputy")                                                              \
    X(STEP_REMIND, "påminnelse", "reminder")                                                           \
    X(STEP_RETRY, "omförsök", "retry")                                                                 \
    X(BOARD_HEAD, "{realm}  {kind}[ «{title}»]  {id}  {issued}",                                       \
      "{realm}  {kind}[ \"{title}\"]  {id}  {issued}")                                                 \
    X(BOARD_FORUM, "[forum {forum}][ ({level})]", "[forum {forum}][ ({level})]")                       \
    X(BOARD_JOIN, "[anslut: {join}]", "[join: {join}]")                                                \
    X(BOARD_RECALLED, "*** ÅTERKALLAD ***", "*** RECALLED ***")                                        \
    X(BOARD_COUNTS, "NÅDD {1}/{2}   MED MANDAT {3}/{4}   AGENT {5}/{6} ({7} mörka)",                   \
      "REACHED {1}/{2}   WITH MANDATE {3}/{4}   AGENTS {5}/{6} ({7} dark)")                            \
    X(BOARD_ANSWERS, "SVAR ja {1}  ansluter {2}  ersättare {3}  nej {4}  inget {5}",                   \
      "ANSWERS yes {1}  at {2}  deputy {3}  no {4}  none {5}")                                         \
    X(BOARD_NEXT, "NÄSTA STEG om {1}", "NEXT STEP in {1}")                                             \
    X(BOARD_LATE, "+ efter fristen", "+ after the deadline")                                           \
    X(BOARD_MISDEED,                                                                                   \
      "! agenten {agent} {misdeed}: {number} gånger sedan {since}, senast {latest_at}[ ({why})]",      \
      "! the agent {agent} {misdeed}: {number} times since {since}, latest {latest_at}[ ({why})]")     \
    X(BOARD_STRANGERS,                                                                                 \
      "! {strangers} anslutningar utan nyckel sedan {since}, senast {latest_at}: de kommer inte "      \
      "in. "                                                                                           \
      "Brokerns logg (strangers) har adressen som flest kom från; spärra den i brandväggen",           \
      "! {strangers} connections without a key since {since}, latest {latest_at}: they do not "        \
      "get "                                                                                           \
      "in. The broker's log (strangers) has the address that most came from; block it in the "         \
      "firewall")                                                                                      \
    X(BOARD_EMPTY, "Inget pågår.", "Nothing is going on.")                                             \
    X(BOARD_AGENTS, "AGENT {1}/{2} ({3} mörka)", "AGENTS {1}/{2} ({3} dark)")                          \
    X(COLUMN_AGENT, "AGENT", "AGENT")                                                                  \
    X(COLUMN_RING, "RING", "RING")                                                                     \
    X(NOT_ENROLLED, "ingen inskriven", "none enrolled")                                                \
    X(WATCH_MORE, "… {1} rader till (värst först; större fönster visar fler)",                         \
      "… {1} lines more (worst first; a larger window shows more)")                                    \
    X(WATCH_KEYS, "q avslutar", "q quits")                                                             \
    X(WATCH_OLD, "INGEN KONTAKT sedan {1}: tavlan är gammal", "NO CONTACT since {1}: this is old")     \
    X(WATCH_NO_TERMINAL, "--watch behöver en terminal. Utan: samband status --plain.",                 \
      "--watch needs a terminal. Without: samband status --plain.")                                    \
    /* The timeline. */                                                                                \
    X(STORY_INFORMATION,                                                                               \
      "INFO   {origin} informerar[ {forum}][: «{title}»][, {audience_count} organisationer][, "      \
      "svar "                                                                                          \
      "senast {answer_by}]",                                                                           \
      "INFO   {origin} informs[ {forum}][: \"{title}\"][, {audience_count} organisations][, "          \
      "answer "                                                                                        \
      "by {answer_by}]")                                                                               \
    X(STORY_INCIDENT, "HÄND   händelse öppnad[: «{title}»]",                                           \
      "INCID  incident opened[: \"{title}\"]")                                                         \
    X(STORY_ACTIVATION, "AKTIV  {forum} aktiverat[: «{title}»][, skäl: {reason}]",                     \
      "ACTIV  {forum} activated[: \"{title}\"][, reason: {reason}]")                                   \
    X(STORY_CONVENING,                                                                                 \
      "KALL   {forum} kallat[: «{title}»][, start {starts}][, {audience_count} organisationer][, "   \
      "svar senast {answer_by}]",                                                                      \
      "CALL   {forum} convened[: \"{title}\"][, start {starts}][, {audience_count} "                   \
      "organisations][, "                                                                              \
      "answer by {answer_by}]")                                                                        \
    X(STORY_REPORT, "RAPP   egen lägesbild från {origin}[, version {revision}]",                       \
      "REPORT situation report from {origin}[, version {revision}]")                                   \
    X(STORY_PICTURE,                                                                                   \
      "BILD   samlad lägesbild[ version {revision}][: «{title}»][, gäller {valid_at}]",                \
      "PICT   situation picture[ version {revision}][: \"{title}\"][, as of {valid_at}]")              \
    X(STORY_CORRECTION, "RÄTT   rättelse av {ref}[: {text}]",                                          \
      "CORR   correction of {ref}[: {text}]")                                                          \
    X(STORY_RECALL, "ÅTER   {ref} återkallad[, skäl: {reason}]",                                       \
      "RECALL {ref} recalled[, reason: {reason}]")                                                     \
    X(STORY_END, "SLUT   {ref} avslutad[: {text}]", "END    {ref} ended[: {text}]")                    \
    X(STORY_REACH, "STEG   {seat}: {rung}[, {step}][ {step_at}][, {left} kvar att nå]",                \
      "STEP   {seat}: {rung}[, {step}][ {step_at}][, {left} left to try]")                             \
    X(STORY_ACK, "KVITT  {seat} kvitterad[ i funktionen {function}][ av {person}][ via {via}]",        \
      "ACK    {seat} acknowledged[ as {function}][ by {person}][ via {via}]")                          \
    X(STORY_ATTENDANCE, "SVAR   {seat}: {answer}[ {at}][ i funktionen {function}][ av {person}]",      \
      "ANSWER {seat}: {answer}[ {at}][ as {function}][ by {person}]")                                  \
    X(STORY_REACHED,                                                                                   \
      "NÅDD   {seat} nådd via {via}[, läskod {code}][, {answer}][ {at}], införd av {issuer}",          \
      "REACHD {seat} reached via {via}[, code {code}][, {answer}][ {at}], entered by {issuer}")        \
    X(STORY_MANDATE,                                                                                   \
      "MAND   {origin}: {function} har mandat {level}[ till {valid_to}][, {basis}]",                   \
      "MAND   {origin}: {function} holds mandate {level}[ until {valid_to}][, {basis}]")               \
    X(STORY_MANDATE_BACK, "MAND   {origin}: mandatet {level} för {function} återtaget",                \
      "MAND   {origin}: mandate {level} of {function} withdrawn")                                      \
    X(STORY_NOTE, "ANT    {text}[ ({issuer})]", "NOTE   {text}[ ({issuer})]")                          \
    X(STORY_VERDICT, "UTSLAG {origin} om {ref}[: {reason_code}][, {text}]",                            \
      "VERDCT {origin} on {ref}[: {reason_code}][, {text}]")                                           \
    X(STORY_UNKNOWN, "OKÄNT  slag {kind} från {origin}[: {title}]",                                    \
      "UNKNWN kind {kind} from {origin}[: {title}]")                                                   \
    X(STORY_CLOCK_BACK, "      ––– klockan ställdes tillbaka {1} –––",                                 \
      "      --- the clock was put back {1} ---")                                                      \
    X(STORY_DAMAGED, "SKADAD rad {index}: {wording}", "DAMAGE row {index}: {notice}")                  \
    X(STORY_REFUSED, "[ – AVVISAD: {verdict}]", "[ - REFUSED: {verdict}]")                             \
    /* Verifying. */                                                                                   \
    X(ROOT_UNREADABLE, "--root: 64 hexadecimala siffror behövs, inte \"{1}\".",                        \
      "--root: 64 hexadecimal digits are needed, not \"{1}\".")                                        \
    X(ROOT_NEEDED, "Rotnyckeln finns inte i {1}. Ange den: --root HEX.",                               \
      "The root key is not in {1}. Give it: --root HEX.")                                              \
    X(VERIFY_ROWS, "rader", "rows")                                                                    \
    X(VERIFY_SIGNATURES, "signaturer", "signatures")                                                   \
    X(VERIFY_STREAMS, "strömmar", "streams")                                                           \
    X(VERIFY_ENTRIES, "poster i kedjor", "entries in chains")                                          \
    X(VERIFY_ERASED, "innehåll gallrat", "content erased")                                             \
    X(VERIFY_REFUSED, "avvisade", "refused")                                                           \
    X(VERIFY_FAULTS, "fel", "faults")                                                                  \
    X(VERIFY_SOUND, "Loggen är hel: alla kedjor, summor och signaturer stämmer.",                      \
      "The log is sound: all chains, hashes and signatures hold.")                                     \
    X(VERIFY_BROKEN,                                                                                   \
      "LOGGEN STÄMMER INTE. Första felet: {1}. Spara lagringen orörd och larma driften.",              \
      "THE LOG DOES NOT HOLD. First fault: {1}. Keep the store untouched and call operations.")        \
    /* Enrolling. */                                                                                   \
    X(JOIN_ALREADY, "{1} har redan en profil. Ange en annan mapp: --profile MAPP.",                    \
      "{1} holds a profile already. Name another folder: --profile FOLDER.")                           \
    X(JOIN_SILENT,                                                                                     \
      "Inget svar från {1}. Nås adressen, och är inbjudan från den centralen? Samma kommando "     \
      "igen "                                                                                          \
      "är säkert.",                                                                                    \
      "No answer from {1}. Is the address reachable, and the invitation from that broker? The "        \
      "same "                                                                                          \
      "command again is safe.")                                                                        \
    X(JOINED,                                                                                          \
      "{1}: inskriven som {2}, {3}. Profil: {4}\nRotens fingeravtryck (jämför med papperet): {5}",     \
      "{1}: enrolled as {2}, {3}. Profile: {4}\nRoot's fingerprint (compare with the paper): {5}")     \
    /* Checking. */                                                                                    \
    X(CHECK_GOOD, "OK", "OK")                                                                          \
    X(CHECK_UNTOLD, "okänt: den andra sidan uppger det inte",                                          \
      "unknown: the other end does not tell")                                                          \
    X(CHECK_FAULT, "FEL", "FAULT")                                                                     \
    X(CHECK_MODES, "Andra kan läsa den: chmod -R go= på profilens mapp.",                              \
      "Others can read it: chmod -R go= on the profile's folder.")                                     \
    X(CHECK_RENEW, "Certifikatet går snart ut: be administratören om en ny inbjudan.",                 \
      "The certificate ends soon: ask the administrator for a new invitation.")                        \
    X(CHECK_VERSION, "Olika versioner: uppgradera den äldre.",                                         \
      "Versions differ: upgrade the older.")                                                           \
    X(CHECK_CLOCK, "Klockorna går olika: kontrollera tidssynk (timedatectl) på båda.",                 \
      "The clocks differ: look at time synchronisation (timedatectl) on both.")                        \
    X(FACT_VERSION_HERE, "version här", "version here")                                                \
    X(FACT_VERSION_THERE, "version där", "version there")                                              \
    X(FACT_MODES, "profilens rättigheter", "profile's modes")                                          \
    X(FACT_CERTIFICATE, "certifikat", "certificate")                                                   \
    X(FACT_SUBJECT, "innehavare", "subject")                                                           \
    X(FACT_ROLE, "roll", "role")                                                                       \
    X(FACT_REALM, "typ", "realm")                                                                      \
    X(FACT_UNTIL, "certifikat till", "certificate until")                                              \
    X(FACT_ENDPOINT, "adress", "endpoint")                                                             \
    X(FACT_ANSWERS, "svarar", "answers")                                                               \
    X(FACT_ADMITTED, "släpps in", "admitted")                                                          \
    X(FACT_CENTRE, "centralen nekar", "the centre refuses")                                            \
    X(FACT_ROOM, "plats i lagringen", "room in the store")                                             \
    X(FACT_HANDED_BACK, "centralen har återställts till ett äldre läge",                               \
      "the centre was restored to an older state")                                                     \
    X(CHECK_HANDED_BACK, "{1} poster lämnades tillbaka till den {2}",                                  \
      "{1} entries were handed back to it at {2}")                                                     \
    X(FACT_PUT_BACK, "lagringen där är återställd till ett äldre läge",                                \
      "the store there was put back to an older state")                                                \
    X(CHECK_PUT_BACK, "sedan {2}; {1} händelser hämtade från agenterna",                               \
      "since {2}; {1} events got back from the agents")                                                \
    X(FACT_WAITING, "väntar på något som ingen agent har lämnat",                                      \
      "waiting for what no agent has handed back")                                                     \
    X(FACT_UNHEARD, "agenter som inte har hörts sedan dess", "agents not heard since then")            \
    X(CHECK_UNHEARD,                                                                                   \
      "De kan ha mer att lämna tillbaka: få igång dem (samband org list), eller spärra dem som "   \
      "är borta.",                                                                                     \
      "They may hold more: get them running (samband org list), or revoke those that are gone.")       \
    X(FACT_RESTORED, "agentens lagring är återställd från en säkerhetskopia",                          \
      "the agent's store was put back from a backup")                                                  \
    X(CHECK_RESTORED, "ingen larmas innan den har hört centralen; se raden ovan, eller vänta",         \
      "nobody is woken before it has heard the centre; see the line above, or wait")                   \
    X(FACT_CLOCK, "klockskillnad", "clock difference")

#endif
