"""Messages to start from: one of each kind, holding everything the readers look at."""

from typing import Final

_TEXT: Final = r"""
MSH|^~\&|ADT|HOSP|W|H|20250301081500+0000||ADT^A01^ADT_A01|1|P|2.5.1||||||UNICODE UTF-8
EVN|A01|20250301081400|||U^One|20250301081000
PID|1|X1|1001^^^HOSP^MR~77^^^NHS^NH||Moss^Ada^B^^^^L||19550303|F|||1 Mill\T\Lane^^Ely||""||||ACC1|123-45||||||||||20250101|N
PV1|1|I|7A^2^B^HOSP||||C1^Byrne^Ben|||MED|||||||||V1^^^H|||||||||||||||||01||||||||20250301080000
PV2|||I50^Heart failure^I10
DG1|1||I50^Heart failure^I10|text|20250228
AL1|1|DA|7980^Penicillin^RXN|SV|Hives~Wheeze|2010
IAM|1|DA|P^Pollen|MO|Itch|D

MSH|^~\&|LAB|HOSP|W|H|20250301081500||ORU^R01^ORU_R01|2|P|2.5.1
PID|1||1001^^^HOSP^MR||Moss^Ada||19550303|F
PV1|1|I|||||||||||||||||V1
ORC|RE|P1|F1
OBR|1|P1|F1|24323-8^Panel^LN|||20250301080000
OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|3.5-5.0|N|||F|||20250301080000||C^Lab^Lee
OBX|2|SN|2160-0^Creatinine^LN||<^0.2|mg/dL|||||F
OBX|3|CWE|67775-7^AVPU^LN||V^Voice^L||||||P
OBX|4|NM|777-3^^LN||250|10*3/uL|||||C
OBX|5|TX|N^Note^L||one\.br\two \X41\~three||||||F
OBX|6|ED|R^Report^L||^application^pdf^Base64^JVBERi0=||||||F
OBX|7|NM|2951-2^^LN||""|mmol/L|||||D
SPM|1||||||||||||||||20250301070000

MSH|^~\&|ADT|HOSP|W|H|20250301||ADT^A40|3|P|2.3
EVN|A40|20250301
PID|1||1001^^^HOSP^MR
MRG|2002^^^HOSP^MR||||V9
PID|2||1003
MRG|2004

MSH|^~\&|CPOE|HOSP|W|H|20250301||RDE^O11|4|P|2.5|||AL|AL
PID|1||1001
ORC|NW|P1|F1|||||||||C1^Byrne^Ben
TQ1|1||BID||||20250301120000||S
RXO|A^Aspirin|300||mg
RXE|^Q6H^^20250301|A^Aspirin|300||mg
RXR|PO^Oral
RXA|0|1|20250301||A^Aspirin|300|mg
ORC|CA|P2

MSH|^~\&|NOTES|HOSP|W|H|20250301||MDM^T02|5|T|2.4
PID|1||1001
TXA|1|DS|TX|20250301|C^A^B|||||||D1|||||AU
OBX|1|TX|N||text
OBX|2|ED|N||^a^b

MSH|^~\&|SCH|HOSP|W|H|20250301||SIU^S12|6|P|2.5
SCH|A1|A2||||R|CHK^Check|||||^^60^20250309
PID|1||1001
AIS|1|A|X|20250309

MSH#:*!%#MON#HOSP#W#H#2025##ORU:R01#7#P#2.6######8859/1
PID#1##1001:::HOSP:MR
OBR#1##F1####2025
OBX#1#NM#147842:MDC_ECG_HEART_RATE:MDC#1.1#72#264864:MDC_DIM_BEAT_PER_MIN:MDC#####R###20250301080000

BHS|^~\&
MSH|^~\&|A|B|||2025||PPR^PC1|8|P|2.3
PID|1||1
PRB|AD|2025|D^Diabetes^SCT|||||||2024
BTS|1

MSH|^~\&|A|B|||2025||ADT^A45|9|P|2.5
EVN||2025
PID|1||1
MRG|2||||V1
PV1|1|I|||||||||||||||||V2

MSH|^~\&#|ADT|HOSP|||20250301||ADT^A17^ADT_A17|11|P|2.7||||||~ISO IR87
EVN|A17|20250301||||2025030107
PID|1||1
PV1|1|""|""||||""|||""|||||||||V1
PV2|||""
PID|2||2||||||||||||||||||||||||||20250301|Y
PV1|1|I|7A^2^C|||||||||||||||||V2

FHS|^~\&
SFT|S|1
BHS|^~\&
MSH|^~\&|A|B|||2025||ORU^R01|12|P|2.5||||ER|SU
PID|1||1||||||||||||||||||||||||||""|N
OBX|1|NM|2823-3^^LN||1||||||F|||""
ADD|2|mmol/L
NTE|1||\.sp+2\\H\bold\N\
DSC|12-2|F
BTS|1
FTS|1

MSH|^~\&|A|B|||2025||ADT^A37|13|P|2.5
EVN||2025
PID|1||1
PID|2||2

MSH|^~\&|A|B|||2025||VXU^V04|14|P|2.5
PID|1||1
ORC|RE||F1
RXA|0|1|2025||08^HepB^CVX|999||||||||||||||CP|A
OBX|1|RP|I||a^b^image^png||||||F
OBX|2|SN|1975-2^^LN|1.1.1.1|>=^1^:^2|mg/dL|||||X|||20250330013000|L^^^LAB|N^Lee||D^^1

MSH|^~\&|A|B|||2025||ACK^R01|10|P|2.5
MSA|AE|1|no
ERR||PID^1^3|101^x|E
"""
MESSAGES: Final = tuple(f"{message}\n".replace("\n", "\r").encode() for message in _TEXT.strip().split("\n\n"))
