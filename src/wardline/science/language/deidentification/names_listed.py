"""Given and family names that are common somewhere, and words with a capital that are no names: what the recogniser of names starts from.

Written down by us from general knowledge; no list of anybody's was taken over. Completeness is not needed: titles, the words around
a name and its form find what is not listed, and the patient's own names are known from the timeline.
"""

from typing import Final


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GIVEN: Final = words("""
aaron abby ada abdul abigail adam adrian ahmed aiden aisha alan albert alejandro alex alexander alexandra alexis alfred ali alice alicia alison
allison alyssa amanda amber amelia amir amy ana andre andrea andreas andrew andrzej angel angela angelica anita anjali ann anna anne annette annie
anthony antoine antonio april aria ariana arjun arthur ashley astrid audrey austin ava barbara beatrice beatriz ben benjamin bernard bernd beth
bethany betty beverly bill billy bob bobby bonnie brad bradley brandon brenda brian brianna bridget brittany brooke bruce bryan caitlin caleb
calvin cameron camille carl carla carlos carmen carol carole caroline carolyn carrie catherine cathy cecilia chad charles charlie charlotte
chelsea cheryl chloe chris christian christina christine christoph christopher cindy claire clara claude claudia colin connie connor corey
courtney craig crystal curtis cynthia daisy dale dana daniel daniela danielle danny darius darlene darren daryl dave david dawn dean deborah debra
denise dennis derek diana diane diego dieter dmitri dolores dominic don donald donna dora doris dorothy doug douglas duane dustin dylan earl eddie
edgar edith eduardo edward edwin eileen elaine eleanor elena eli elias elijah elise elizabeth ella ellen elsa emil emily emma eric erica erik
erika erin ernest esther ethan eugene eva evan evelyn faith farah fatima felicia felix fernando florence frances francesca francis francisco frank
françois fred frederick friedrich gabriel gabriela gabrielle gail gary gavin gene george georgia gerald geraldine gertrude gina giovanni giulia
gladys glen glenn gloria gordon grace greg gregory greta guillermo günter gustav guy hailey hannah hans harold harriet harry hassan hazel heather
hector heidi heike heinrich helen helena helga henri henry herbert herman hiroshi holly howard hugh hugo ian ibrahim ignacio ilse imran ingrid
irene iris isaac isabel isabella isabelle ivan ivy jack jackie jackson jacob jacqueline jade jaime jake jamal james jamie jan jane janet janice
jared jasmine jason javier jay jayden jean jeanne jeff jeffrey jenna jennifer jenny jeremiah jeremy jerome jerry jesse jessica jesus jill jim
jimmy jin jo joan joann joanna joanne joe joel johann johanna john johnny jon jonas jonathan jordan jorge jose josé josef joseph josephine joshua
joy joyce juan juanita judith judy julia julian juliana julie juliette julio jun jürgen justin kai kaitlyn karen karim karin karl karla kate
katherine kathleen kathryn kathy katie kayla keith kelly ken kenji kenneth kevin khalid kim kimberly klaus kristen kristin kristina kurt kyle
laila lakshmi lance lara larry lars laura lauren laurie lawrence layla leah lee leila lena leo leon leonard leroy leslie lewis liam lila lillian
lily linda lindsay lindsey lisa liz lloyd logan lois lori lorraine louis louise lucas lucia lucille lucy luis luisa lukas luke luther lydia lynn
mackenzie madeleine madison maggie malik manuel marc marcel marcia marco marcus margaret margarita maria marian marianne marie marilyn mario
marion marjorie mark marlene martha martin marvin mary mason mateo mathew matteo matthew matthias maureen maurice max maya megan mei melanie
melissa melvin mercedes meredith mia michael michaela michel michele michelle miguel mike mikhail mila mildred milton ming miriam mitchell mohamed
mohammed mohammad molly monica monique morgan muhammad muriel myra nadia nancy naomi natalia natalie natasha nathan nathaniel neil nicholas nick
nicolas nicole nikhil nils nina noah noel nora norma norman oliver olivia omar oscar otto owen pablo paige pam pamela pat patricia patrick paul
paula pauline pedro peggy penelope penny perry peter petra phil philip philippe phillip phoebe phyllis pierre priya quentin rachel rafael raj
rajesh ralph ramon randall randy raquel raul ravi ray raymond rebecca regina renate renee rené rhonda ricardo richard rick ricky rita rob robert
roberta roberto robin rodney roger roland ron ronald rosa rosalie rose rosemary ross roy ruby russell ruth ryan sabine sabrina sadie sally sam
samantha samir samuel sandra sandy sanjay santiago sara sarah scarlett scott sean sebastian sergei sergio seth shane shannon sharon shaun shawn
sheila shelby shelley sherry shirley sidney sierra silvia simon simone sofia sonia sonya sophia sophie stacey stacy stanley stefan stella stephan
stephanie stephen steve steven stuart sue summer sunil susan susanne suzanne sven sylvia tamara tammy tanya tara tariq taylor ted teresa terrence
terry thelma theodore theresa thomas tiffany tim timothy tina todd tom tomas tommy toni tony tracey tracy travis trevor tricia tristan troy tyler
ulrich ursula valerie vanessa vera verna vernon veronica vicki victor victoria vijay vikram vincent viola violet virginia vivian vladimir wade
walter wanda warren wayne wei wendy wesley whitney wilhelm will willem william willie winston wolfgang xavier yasmin yolanda youssef yuki yusuf
yvette yvonne zachary zara zoe zoé étienne émile hélène inès jérôme léa chloé rené gérard andré joão luís inês zofia jiří bálint søren øyvind åsa
björn jörg sören
""")

FAMILY: Final = words("""
adams ahmed alexander allen alvarez anderson andrews armstrong arnold bailey baker barnes bauer becker bell bennett bergmann bernard bianchi black
boyd bradley brooks brown brunner bryant burke burns butler campbell carlson carpenter carroll carter castillo castro chang chapman chavez chen
choi clark clarke cohen cole coleman collins cook cooper cox crawford cruz cunningham daniels davies davis delgado diaz dixon doe dubois duncan
dunn durand edwards elliott ellis evans ferguson fernandez fischer fisher fleming flores ford foster fox franklin freeman fuchs garcia gardner
george gibson gomez gonzales gonzalez gordon graham grant gray green greene griffin gupta gutierrez hall hamilton hansen hanson harper harris
harrison hart harvey hawkins hayes henderson henry hernandez herrera hicks hill hoffman hoffmann holmes howard huang huber hudson hughes hunt
hunter ivanov jackson jacobs jackson james jenkins jensen jimenez johansson johnson johnston jones jordan kaiser kaufmann kaur keller kelly
kennedy khan kim king klein knight kowalski kraus krüger kumar lang larsen larson lawrence lawson lee lefebvre lehmann leroy lewis li lin liu long
lopez lynch macdonald maier marquez marshall martin martinez mason matthews mayer mccarthy mccoy mcdonald medina mehta mendoza meyer miller mills
mitchell moore morales moreau moreno morgan morris morrison muller müller munoz murphy murray myers nelson neumann newman nguyen nielsen novak
obrien oconnor oliver olsen olson ortega ortiz owens palmer park parker patel patterson payne perez perkins perry peters peterson petit petrov
pham phillips pierce porter powell price ramirez ramos reed reid reyes reynolds rice richards richardson richter riley rivera roberts robertson
robinson rodriguez rogers romero rosenberg ross rossi roth russell ruiz ryan salazar sanchez sanders santos sato schmid schmidt schmitt schneider
schreiber schröder schulz schwartz schwarz scott shah sharma shaw simmons simon simpson singh silva smith snyder soto stein stephens stevens
stewart stone sullivan suzuki svensson takahashi tanaka taylor thomas thompson torres tran tucker turner vargas vasquez vogel wagner walker
wallace walsh wang ward warren washington watkins watson weaver weber webb weiss wells west wheeler white whitfield williams williamson willis
wilson wolf wong wood woods wright wu xu yamamoto yang young zhang zhao ziegler zimmermann
""")

ALSO_WORDS: Final = words("""
april austin brooke crystal dawn dean faith gene grace guy iris jade joy june may mark max penny rose ray robin ruby sandy sierra summer violet
will hope chase bell black brooks brown burns butler carpenter cook cooper cox fisher ford fox freeman gardner grant gray green hall hart hill
hunt hunter king knight lang long mason mills newman park parker payne price reed rice roth shaw stone turner walker ward weaver webb weiss wells
west wheeler white wolf wood woods wright young page case bishop brand cross day drew frost glass good gold hand head hood house lamb little love
major marsh may moon noble north pool power rich rush sharp short silver small snow spring strong swift vale wise li lin an do so he her van von
jun jo lee kim mei dale angel art pat sue bill rob nick don jack jay drew earl grant lance miles pierce rusty skip tab mercedes madison jackson
charlotte virginia georgia victoria florence jordan chelsea regina lima
""")
"""Names that are words of another kind as well: alone they are not believed, beside another name they are."""

EPONYMS: Final = words("""
addison alzheimer apgar asperger babinski barrett behçet behcet bell bence boston breslow brugada buerger burkitt chaddock chagas charcot cheyne
child chvostek clostridium coombs corrigan crohn cushing down duchenne dupuytren ebstein ehlers danlos ewing fabry fallot fanconi fontan foley
framingham friedreich gaucher gilbert glasgow gleason goodpasture graves grey guillain barré barre hashimoto hodgkin hoffman holter homans horner
huntington jacksonian janeway kaposi kawasaki kernig kerley klinefelter korsakoff kussmaul lachman langerhans lennox gastaut lewy likert lou
gehrig lyme mallory marfan mcburney ménière meniere murphy non-hodgkin osler paget pap parkinson pott prinzmetal raynaud reiter reye rinne romberg
rorschach roth salmonella schilling sjögren sjogren stevens-johnson still stokes tanner tay-sachs tourette trousseau turner valsalva virchow von
willebrand waldenström waterhouse weber wegener weil wernicke whipple willebrand wilms wilson wolff zollinger ellison epley brudzinski phalen
tinel rovsing tzanck swan-ganz rankin braden morse katz lawton waterlow wells
""")
"""Whose name a disease, a sign or a score carries. A name after a title or beside a given name is a person's all the same."""

NO_NAMES: Final = words("""
education agreements living arrangement recreational drugs sulfate reports x-ray
told spoke informed phoned saw went came
a about according active acute add additional address adjust adjusting adjustment admit admitted admission after age aged all allergies allergy
also alternative alternatives am an and antibiotic any appointment appropriate approach are as ask asking assess assessment assist at based before
best beta blood both brain bp but by calculate call coma can cannot cardiac care case cases cause causes cc chart check chest child children chronic
clinical clinician common compare comparison comparing complications concern concerned concerns confirm consider considering considerations
consult contact contraindications could counsel course criteria current currently data date daily dear describe details determine diabetes
diabetic diagnosed diagnosis diagnostic did diet dietary differences differential discharge discharged discuss disease do doctor does dosage dose
dosing dr drug due during each effect effective effectiveness effects efficacy eg elderly email emergency enoxaparin ensure evaluate evaluation
evidence exam expected explain explore family fax female find findings first follow following follow-up for from full further general generate
give given guidance guideline guidelines had has have he heart help her here hi high his history home hospital how hypertension i icu id if impact
implications in indications info information initial initiating insulin insurance interaction interactions into intravenous is issues it its just
key kidney know known labs last latest left let level levels lifestyle like list liver long-term look looking low lung main maintenance major male
man manage managed management managing may me mechanism med medical medicare medicaid medication medications meds mental methods mg midday might
monitor monitoring monthly more most mr mrn mrs ms my name named need needs new newly next no non normal not note notes novel now nurse nursing
obtain of off office on ongoing only optimal option options or order other our out outcomes outpatient overview pain parents past patient patients
pediatric per perform phone physical physician plan please post postoperative post-operative potential pre pregnant prescribe prescribed
prescribing presents presented prevent preventing preventive prior procedure prognosis progress proper protocol protocols provide provider pt pts
question questions rates re reason received recent recently recommend recommendation recommendations recommended record records reduce ref refer
reference referral referred regarding regimen rehab rehabilitation related relevant report required research results review reviewed right risk
risks role safe safest safety said same schedule scheduled screening second see seen send severe she should show side signs since skin social some
specialist specific stable stage standard start started state status step steps still strategies strategy study studies substance successful
suggested suggest suggestions summarize summary support surgery surgical survival symptoms tell test testing than that the their them then
therapeutic therapies therapy there these they this those through time timing to today tomorrow toxicity transplant treat treated treating
treatment treatments trial trials type under unit up update updated updates upon upper urgent us use used using vs visit vitals wants ward was we
week weekly weeks well were what when where which while who whom whose why will wife with within without woman women work worsening would year
years yes yesterday you your african american caucasian hispanic latino latina asian european white black indian native pacific islander jewish
muslim christian catholic german french english spanish italian chinese japanese korean vietnamese russian arabic turkish mediterranean western
eastern northern southern national international federal american-indian monday tuesday wednesday thursday friday saturday sunday january february
march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec covid vaccine score scale
index sign test syndrome syndromes disease reflex criteria classification phenomenon lymphoma sarcoma disorder college society association academy
foundation institute committee council organization organisation agency administration department ministry board task force world health nice aha
acc who cdc fda nih esc gold kdigo type stage grade class phase group part section table figure crp esr ecg ekg eeg mri ct pet us iv im po prn
bid tid qid qd hs stat npo er ed or icu nicu ccu pacu copd chf cad ckd esrd mi dvt pe uti uri tia cva gerd ibd ibs hiv aids hep hbv hcv tb ms als
ra sle oa bph pcos oxygen saturation temperature pulse pressure respiratory rate weight height consciousness potassium sodium creatinine glucose
haemoglobin hemoglobin platelets lactate calcium magnesium alert oriented der die das und mit von zu im am bei den dem ein eine einer nicht ist
war wird wurde patientin befund diagnose therapie verlauf anamnese aufnahme entlassung ambulanz klinik labor blutdruck puls temperatur seit nach
vor le la les un une des du de et avec pour dans sur est sont patiente docteur hôpital clinique traitement diagnostic antécédents examen il elle
sir madam sincerely regards thanks thank hello signed dictated electronically transcribed attending resident consultant registrar intern team
service clinic oncology cardiology neurology surgery medicine radiology pathology urology nephrology gastroenterology dermatology psychiatry
pediatrics paediatrics orthopaedics orthopedics geriatrics gynaecology gynecology obstetrics physiotherapy pharmacy laboratory theatre subjective
objective impression hpi pmh ros slept mobilised feels pale drank walked legs bed rails family visited brought glasses doctor informed complaints
heels free intact eaten ate
""")
