/* texts_help.h: what --help says: the second part of the table of texts.h: verbs, then options and
 * values. X(NAME, Swedish, English). */
#ifndef SAMBAND_CLI_TEXTS_HELP_H
#define SAMBAND_CLI_TEXTS_HELP_H

#define SB_TEXTS_HELP(X)                                                                              \
    X(HELP_HEAD,                                                                                      \
      "samband KOMMANDO …: kalla, informera, följa upp och kvittera.\n"                            \
      "Talar med centralen (TiB) eller med den egna agenten. samband help KOMMANDO visar mer.",       \
      "samband COMMAND …: call, inform, follow up and acknowledge.\n"                               \
      "Talks to the broker (TiB) or to your own agent. samband help COMMAND shows more.")             \
    X(HELP_USAGE, "Användning", "Usage")                                                              \
    X(HELP_OPTION, "VAL", "OPTION")                                                                   \
    X(HELP_OPTIONS, "Val", "Options")                                                                 \
    X(HELP_COMMON, "Val för alla kommandon", "Options of every command")                              \
    X(HELP_ALIASES, "Också", "Also")                                                                  \
    X(HELP_EXITS,                                                                                     \
      "Slutkod: 0 klart, 1 nekat, 2 felaktigt kommando, 3 ingen kontakt, 4 okänt utfall (samma "     \
      "kommando igen är säkert).",                                                                    \
      "Exit code: 0 done, 1 refused, 2 usage, 3 no contact, 4 outcome unknown (the same command "     \
      "again is safe).")                                                                              \
    X(CALL, "Kalla ett forum: händelse, aktivering och kallelse som ett larm",                        \
      "Call a forum: incident, activation and convening as one alert")                                \
    X(CALL_MORE,                                                                                      \
      "Visar först vilka som kallas och vilka som inte nås nu, och frågar efter SKARPT, ÖVNING "  \
      "eller PROV. Typen följer av profilen.\n"                                                      \
      "Exempel: samband call rsf \"Snöoväder\" --at 03:00 --join tel:08-46500400",                    \
      "First shows who is called and who is out of reach now, and asks for LIVE, EXERCISE or "        \
      "TEST. "                                                                                        \
      "The realm follows from the profile.\n"                                                         \
      "Example: samband call rsf \"Snowstorm\" --at 03:00 --join tel:08-46500400")                    \
    X(INFORM, "Informera utan möte; kvittens begärs",                                                 \
      "Inform without a meeting; acknowledgement is asked")                                           \
    X(INFORM_MORE,                                                                                    \
      "Exempel: samband inform \"Vatten\" --to rsf,taby/tib --text \"Koka vattnet.\"",                \
      "Example: samband inform \"Water\" --to rsf,taby/tib --text \"Boil the water.\"")               \
    X(ACTIVATE, "Aktivera ett forum utan möte", "Activate a forum without a meeting")                 \
    X(END, "Avsluta en aktivering", "End an activation")                                              \
    X(END_MORE, "Utan händelse eller forum erbjuds de senaste aktiveringarna.",                       \
      "Without an event or forum the latest activations are offered.")                                \
    X(PICTURE, "Publicera samlad lägesbild (ny version ersätter)",                                    \
      "Publish the situation picture (a new version supersedes)")                                     \
    X(PICTURE_MORE,                                                                                   \
      "Med --file: en textfil med rubriker som # händelsen, # konsekvenser, # åtgärder, # "        \
      "resurser "                                                                                     \
      "och behov, # bedömning.",                                                                      \
      "With --file: a text file with headings like # what happened, # consequences, # measures, "     \
      "# resources and needs, # assessment.")                                                         \
    X(CORRECT, "Rätta det som sänts; går till alla som fick det",                                     \
      "Correct what was sent; goes to all who got it")                                                \
    X(RECALL, "Återkalla: tystar larmet hos alla som fick det",                                       \
      "Recall: silences the alert at all who got it")                                                 \
    X(RECALL_MORE, "Kräver bara ordet: inget skäl och ingen andra person. Går före allt annat.",      \
      "Needs the word only: no reason and no second person. Overtakes everything else.")              \
    X(REACHED, "För in att någon nåddes på annat sätt (Rakel, telefon)",                              \
      "Enter that somebody was reached otherwise (Rakel, phone)")                                     \
    X(REACHED_MORE,                                                                                   \
      "Visas som införd (*). Exempel: samband reached varmdo/tib --via rakel --code "                \
      "4711 --mandate --answer ja",                                                                   \
      "Shown as entered (*). Example: samband reached varmdo/tib --via rakel --code 4711 "            \
      "--mandate "                                                                                    \
      "--answer yes")                                                                                 \
    X(NOTE, "Skriv en rad i loggen", "Write a line into the log")                                     \
    X(STATUS, "Tavlan: vilka är nådda, med mandat, och vad händer härnäst",                           \
      "The board: who is reached, with mandate, and what comes next")                                 \
    X(STATUS_MORE,                                                                                    \
      "Värst först. R! ingen väg kvar: ring. A går vidare av sig själv, eller väntar inom "     \
      "fristen. "                                                                                     \
      "G klart. * införd för hand. + efter fristen. Pågår inget: vilka agenter som är mörka.",        \
      "Worst first. R! no way left: ring. A goes on by itself, or waits within the deadline. "        \
      "G done. * entered by hand. + after the deadline. Where nothing is going on: which agents "     \
      "are dark.")                                                                                    \
    X(TIMELINE, "Händelseförloppet i ordning", "What happened, in order")                             \
    X(SHOW, "Allt om en händelse", "Everything about one event")                                      \
    X(EVENTS, "Loggen, senaste först", "The log, newest first")                                       \
    X(INBOX, "Det som kommit till agenten", "What has come to the agent")                             \
    X(ACK, "Kvittera: jag har det, i denna funktion", "Acknowledge: I have it, in this function")     \
    X(ACK_MORE,                                                                                       \
      "Utan händelse menas den senaste, eller väljs bland flera. Utan --person menas den som "      \
      "larmas "                                                                                       \
      "just nu, eller har kvitterat och ska svara; är det ingen eller flera: ange vem.",              \
      "Without an event the latest is meant, or one of several is chosen. Without --person "          \
      "whoever "                                                                                      \
      "is being tried right now is meant, or has acknowledged and is to answer; where that is "       \
      "nobody or several: say who.")                                                                  \
    X(ANSWER, "Svara på en kallelse: ja, ansluter TID, ersättare, nej",                               \
      "Answer a convening: yes, at TIME, deputy, no")                                                 \
    X(ANSWER_MORE,                                                                                    \
      "Exempel: samband answer ja · samband answer ansluter 03:20 --as tib. Svara "                  \
      "alltid, också nej: då larmas ersättaren genast. Utan --person menas den som larmas just "   \
      "nu.",                                                                                          \
      "Example: samband answer yes · samband answer at 03:20 --as tib. Always answer, no as "        \
      "well: "                                                                                        \
      "the deputy is alerted at once. Without --person whoever is being tried right now is "          \
      "meant.")                                                                                       \
    X(REPORT, "Lämna egen lägesbild", "Hand in a situation report")                                   \
    X(MANDATE_LIST, "Anmälda mandat", "Declared mandates")                                            \
    X(MANDATE_DECLARE, "Anmäl en funktions mandat för en nivå",                                       \
      "Declare a function's mandate for a level")                                                     \
    X(MANDATE_DECLARE_MORE,                                                                           \
      "Exempel: samband mandate declare tib samordnande --basis \"Delegation §4\" --until "          \
      "2027-12-31",                                                                                   \
      "Example: samband mandate declare tib samordnande --basis \"Delegation §4\" --until "          \
      "2027-12-31")                                                                                   \
    X(MANDATE_WITHDRAW, "Återta ett anmält mandat", "Withdraw a declared mandate")                    \
    X(ROSTER_WHO, "Vem larmas för en funktion nu, i ordning",                                         \
      "Who is alerted for a function now, in order")                                                  \
    X(ORG_LIST, "Organisationerna och deras agenter", "The organisations and their agents")           \
    X(ORG_LOAD, "Läs in organisationer från en CSV-fil", "Load organisations from a CSV file")        \
    X(ORG_LOAD_MORE,                                                                                  \
      "Kolumner: "                                                                                    \
      "id,name,category,kommunkod,fire_service,county_code,tib_number,switchboard,rakel,"             \
      "fallback. Ett fel: ingenting läses in.",                                                       \
      "Columns: id,name,category,kommunkod,fire_service,county_code,tib_number,switchboard,rakel,"    \
      "fallback. One fault: nothing is loaded.")                                                      \
    X(ORG_INVITE, "Bjud in en organisations agent", "Invite an organisation's agent")                 \
    X(INVITE_MORE, "Inbjudan gäller i 72 timmar och en gång. Lämna den på en säker väg.",             \
      "The invitation lives for 72 hours and once. Hand it over by a safe way.")                      \
    X(ORG_REVOKE, "Spärra en agent genast", "Revoke an agent at once")                                \
    X(ORG_REVOKE_MORE, "Organisationen nås inte genom den agenten efter detta.",                      \
      "The organisation is not reached by that agent after this.")                                    \
    X(ORG_REPLACE, "Godta en agent som återställts eller flyttats",                                   \
      "Accept an agent that was restored or moved")                                                   \
    X(ORG_REPLACE_MORE,                                                                               \
      "Nästa hälsning från agenten godtas, vad den än minns. Bara när du vet att den gamla är " \
      "borta.",                                                                                       \
      "The agent's next greeting is believed, whatever it remembers. Only when you know that the "    \
      "old one is gone.")                                                                             \
    X(FORUM_LIST, "Forumen och deras platser", "The forums and their seats")                          \
    X(FORUM_LOAD, "Läs in forum från en CSV-fil", "Load forums from a CSV file")                      \
    X(FORUM_LOAD_MORE, "Kolumner: id,name,level,mode,seats. Ett fel: ingenting läses in.",            \
      "Columns: id,name,level,mode,seats. One fault: nothing is loaded.")                             \
    X(OPERATOR_LIST, "Inskrivna personer", "Enrolled persons")                                        \
    X(OPERATOR_INVITE, "Bjud in en person", "Invite a person")                                        \
    X(OPERATOR_REVOKE, "Spärra en person genast", "Revoke a person at once")                          \
    X(COUNTERS, "Räknare: mottaget, sänt, avvisat", "Counters: received, sent, refused")              \
    X(CHECK, "Fungerar profilen och förbindelsen?", "Do profile and connection work?")                \
    X(CHECK_MORE, "Rättigheter, certifikat, svarstid, versioner och klockor.",                        \
      "Modes, certificate, response time, versions and clocks.")                                      \
    X(VERIFY, "Kontrollera en lagring: kedjor, summor, signaturer",                                   \
      "Check a store: chains, hashes, signatures")                                                    \
    X(VERIFY_MORE, "MAPP är lagringens mapp (…/store). Läser bara; går bra medan programmet kör.",    \
      "FOLDER is the store's folder (…/store). Reads only; the daemon may be running.")               \
    X(JOIN, "Skriv in dig med en inbjudan", "Enrol with an invitation")                               \
    X(JOIN_MORE, "Nycklarna görs här och lämnar aldrig datorn. \"-\" läser inbjudan från indata.",    \
      "The keys are made here and never leave the machine. \"-\" reads the token from input.")        \
    X(VERSION, "Programmets version", "The program's version")

#define SB_TEXTS_OPTIONS(X)                                                                    \
    X(VALUE_ENDPOINT, "ADRESS", "ENDPOINT")                                                    \
    X(VALUE_FOLDER, "MAPP", "FOLDER")                                                          \
    X(VALUE_WORD, "ORD", "WORD")                                                               \
    X(VALUE_EVENT, "HÄNDELSE", "EVENT")                                                        \
    X(VALUE_FORUM, "FORUM", "FORUM")                                                           \
    X(VALUE_TITLE, "RUBRIK", "TITLE")                                                          \
    X(VALUE_TEXT, "TEXT", "TEXT")                                                              \
    X(VALUE_PATH, "FIL", "FILE")                                                               \
    X(VALUE_TIME, "TID", "TIME")                                                               \
    X(VALUE_DATE, "DATUM", "DATE")                                                             \
    X(VALUE_MINUTES, "MINUTER", "MINUTES")                                                     \
    X(VALUE_WHERE, "VAR", "WHERE")                                                             \
    X(VALUE_TO, "MOTTAGARE", "TO")                                                             \
    X(VALUE_ORG, "ORG", "ORG")                                                                 \
    X(VALUE_ORGS, "ORG,ORG", "ORG,ORG")                                                        \
    X(VALUE_SEAT, "ORG/FUNKTION", "ORG/FUNCTION")                                              \
    X(VALUE_FUNCTION, "FUNKTION", "FUNCTION")                                                  \
    X(VALUE_LEVEL, "NIVÅ", "LEVEL")                                                            \
    X(VALUE_PERSON, "PERSON", "PERSON")                                                        \
    X(VALUE_ANSWER, "SVAR", "ANSWER")                                                          \
    X(VALUE_VIA, "rakel|phone", "rakel|phone")                                                 \
    X(VALUE_CODE, "LÄSKOD", "CODE")                                                            \
    X(VALUE_KIND, "SLAG", "KIND")                                                              \
    X(VALUE_AGENT, "AGENT", "AGENT")                                                           \
    X(VALUE_SUBJECT, "INNEHAVARE", "SUBJECT")                                                  \
    X(VALUE_TOKEN, "INBJUDAN", "TOKEN")                                                        \
    X(VALUE_HEX, "HEX", "HEX")                                                                 \
    X(OPTION_CONNECT, "centralens eller agentens adress (annars SAMBAND_CONNECT, profilen)",   \
      "the broker's or agent's address (else SAMBAND_CONNECT, the profile)")                   \
    X(OPTION_PROFILE, "profilens mapp (annars SAMBAND_PROFILE, ~/.config/samband)",            \
      "the profile's folder (else SAMBAND_PROFILE, ~/.config/samband)")                        \
    X(OPTION_JSON, "svar som JSON", "answers as JSON")                                         \
    X(OPTION_PLAIN, "en uppgift per rad, för skärmläsare och skript",                          \
      "one fact a line, for screen readers and scripts")                                       \
    X(OPTION_YES, "bekräfta i skript: SKARPT, ÖVNING eller PROV",                              \
      "confirm in scripts: LIVE, EXERCISE or TEST")                                            \
    X(OPTION_HELP, "denna hjälp", "this help")                                                 \
    X(OPTION_EVENT, "den pågående händelsen som det hör till",                                 \
      "the running incident it belongs to")                                                    \
    X(OPTION_TEXT, "texten", "the text")                                                       \
    X(OPTION_FILE, "texten ur en fil (- indata)", "the text from a file (- input)")            \
    X(OPTION_SECTIONS, "avsnitten ur en fil med rubriker (- indata)",                          \
      "the sections from a file with headings (- input)")                                      \
    X(OPTION_ANSWER_BY, "svar senast (annars om 5 min)", "answer by (else in 5 min)")          \
    X(OPTION_FOR, "för den organisationen (annars alla som agenten tjänar)",                   \
      "for that organisation (else all that the agent serves)")                                \
    X(OPTION_AT, "mötets start", "start of the meeting")                                       \
    X(OPTION_JOINS_AT, "ansluter kl", "joins at")                                              \
    X(OPTION_LENGTH, "beräknad längd", "expected length")                                      \
    X(OPTION_JOIN, "hur man ansluter; ges igen för reservvägar i ordning",                     \
      "how to join; given again for fall-backs in order")                                      \
    X(OPTION_AGENDA, "dagordning", "agenda")                                                   \
    X(OPTION_SECRECY, "open eller restricted (OSL); aldrig säkerhetsskyddsklassat",            \
      "open or restricted; never security-classified")                                         \
    X(OPTION_TO, "forum, organisation eller ORG/FUNKTION; flera med komma",                    \
      "forum, organisation or ORG/FUNCTION; several by comma")                                 \
    X(OPTION_REASON, "skäl", "reason")                                                         \
    X(OPTION_TITLE, "rubrik", "title")                                                         \
    X(OPTION_FORUM, "till det forumet (annars det senast aktiverade)",                         \
      "to that forum (else the one activated last)")                                           \
    X(OPTION_HAPPENED, "händelsen", "what happened")                                           \
    X(OPTION_CONSEQUENCES, "konsekvenser", "consequences")                                     \
    X(OPTION_MEASURES, "vidtagna och planerade åtgärder", "measures taken and planned")        \
    X(OPTION_NEEDS, "resurser och behov", "resources and needs")                               \
    X(OPTION_ASSESSMENT, "bedömning, med osäkerhet", "assessment, with its uncertainty")       \
    X(OPTION_MESSAGE, "budskap", "message to the public")                                      \
    X(OPTION_VALID_AT, "gäller för (en tid som varit)", "valid at (a past time)")              \
    X(OPTION_SOURCES, "underlag: organisation och version; ges igen för flera",                \
      "source: organisation and version; given again for more")                                \
    X(OPTION_SOURCE, "källa", "source")                                                        \
    X(OPTION_NEXT_REPORT, "nästa rapport", "next report")                                      \
    X(OPTION_VIA, "på vilket sätt", "by which way")                                            \
    X(OPTION_CODE, "läskod som lästes upp", "the code that was read back")                     \
    X(OPTION_AS, "i vilken funktion", "in which function")                                     \
    X(OPTION_MANDATE, "personen har mandat för nivån", "the person holds the level's mandate") \
    X(OPTION_ANSWER, "deltagande: yes, at, deputy, no", "attendance: yes, at, deputy, no")     \
    X(OPTION_SEAT, "vilken kallad funktion", "which called function")                          \
    X(OPTION_PERSON, "vem (pseudonym ur listan)", "who (pseudonym of the roster)")             \
    X(OPTION_WATCH, "rita om varje sekund tills q", "redraw every second until q")             \
    X(OPTION_BOARD_ORG, "bara den organisationen", "that organisation only")                   \
    X(OPTION_STORY_ORG, "bara det som är från eller om organisationen",                        \
      "only what is by or about that organisation")                                            \
    X(OPTION_AS_OF, "bara det som var känt då", "only what was known then")                    \
    X(OPTION_KIND, "bara det slaget", "that kind only")                                        \
    X(OPTION_BASIS, "på vilken grund", "on which basis")                                       \
    X(OPTION_UNTIL, "till och med", "until the end of")                                        \
    X(OPTION_FROM, "från och med (annars nu)", "from (else now)")                              \
    X(OPTION_AGENT, "agentens namn (annars ORG-1)", "the agent's name (else ORG-1)")           \
    X(OPTION_SERVES, "vilka organisationer agenten tjänar (annars bara ORG)",                  \
      "which organisations the agent serves (else ORG only)")                                  \
    X(OPTION_ROLE, "viewer, exercise-operator, operator, admin",                               \
      "viewer, exercise-operator, operator, admin")                                            \
    X(OPTION_REALM, "SKARPT, ÖVNING eller PROV", "LIVE, EXERCISE or TEST")                     \
    X(OPTION_ROOT, "rotens publika nyckel (annars MAPP/../keys/root)",                         \
      "the root's public key (else FOLDER/../keys/root)")

#endif
