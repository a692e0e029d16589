"""Who may go through which door. Read it as a table; the tests beside it hold the site to it.

`LINES`: a word for each way in which the roles are let in, and how each of them is answered at its own things:

    yes    is let in: a page, a file, a form that comes back with what to mend, or what was posted is done
    leads  is sent on to another page (what is posted leads on wherever it says yes)
    .      404, as if nothing were there
    told   403 with a sentence that says why
    login  is sent to the log-in page
    405    nobody is let in by this method

`others`: how those of another city or organisation are answered who are let in at home, and `made-up`: everybody, when what is
asked for does not exist. `same`: as at home.

`DOORS`: each address by its name, with its line for GET, its line for POST, and what it is about ("-": nothing in particular).
A `*` stands for any letters; the first row that fits speaks. "<rule row>" is every kind of row that a rulebook has: one class
makes their pages.

A new address needs a row in `DOORS`; if no line fits, a new line. What a new row is about needs an entry in world.py.
"""

ROLES = (
    *("clerk", "decider", "editor", "issuer", "reviewer", "expert", "evaluator", "auditor", "access"),
    *("manager", "member", "superuser", "anonymous"),
)

LINES = """
#                   of the city                                                                of the unit
# line              clerk decider editor issuer reviewer expert evaluator auditor access      manager member   superuser anonymous   others made-up
public              yes   yes     yes    yes    yes      yes    yes       yes     yes         yes     yes      yes       yes         same   .
any link            yes   yes     yes    yes    yes      yes    yes       yes     yes         yes     yes      yes       yes         same   same
leads all           leads leads   leads  leads  leads    leads  leads     leads   leads       leads   leads    leads     leads       same   same
405                 405   405     405    405    405      405    405       405     405         405     405      405       405         same   same
405 logged in       405   405     405    405    405      405    405       405     405         405     405      405       login       same   same
405 staff           405   405     405    405    405      .      .         405     405         .       .        405       login       same   same
logged in           yes   yes     yes    yes    yes      yes    yes       yes     yes         yes     yes      yes       login       same   .
workbench           leads leads   leads  leads  leads    told   told      leads   leads       yes     yes      leads     login       same   .
log out             405   405     405    405    405      leads  leads     405     405         leads   leads    405       leads       same   same
front               leads leads   leads  leads  leads    login  login     leads   leads       login   login    leads     login       same   same
to the admin        leads leads   leads  leads  leads    told   told      leads   leads       told    told     leads     login       same   .

leads logged in     leads leads   leads  leads  leads    leads  leads     leads   leads       leads   leads    leads     login       same   same

own unit            .     .       .      .      .        .      .         .       .           yes     yes      .         login       .      .
manager             .     .       .      .      .        .      .         .       .           yes     .        .         login       .      .
unit or office      yes   yes     .      yes    .        .      .         yes     .           yes     yes      .         login       .      .

staff               yes   yes     yes    yes    yes      .      .         yes     yes         .       .        yes       login       same   .
short               leads leads   leads  leads  leads    .      .         leads   leads       .       .        leads     login       same   same
nobody              .     .       .      .      .        .      .         .       .           .       .        .         login       .      .
sees cases          yes   yes     .      yes    .        .      .         yes     .           .       .        .         login       .      .
worklist            yes   yes     .      yes    yes      .      .         yes     .           .       .        .         login       .      .
letters             yes   yes     .      yes    .        .      .         yes     .           .       .        yes       login       .      .
clerk               yes   .       .      .      .        .      .         .       .           .       .        .         login       .      .
clerk leads         leads .       .      .      .        .      .         .       .           .       .        .         login       .      .
decider             .     yes     .      .      .        .      .         .       .           .       .        .         login       .      .
clerk or auditor    yes   .       .      .      .        .      .         yes     .           .       .        .         login       .      .
reads rules         .     yes     yes    .      .        .      .         yes     .           .       .        .         login       .      .
confirms rules      .     yes     yes    .      .        .      .         .       .           .       .        .         login       .      .
confirms leads      .     leads   leads  .      .        .      .         .       .           .       .        .         login       .      .
issuer              .     .       .      yes    .        .      .         .       .           .       .        .         login       .      .
issuer leads        .     .       .      leads  .        .      .         .       .           .       .        .         login       .      .
reads wordings      yes   yes     yes    yes    .        .      .         yes     .           .       .        .         login       .      .
editor              .     .       yes    .      .        .      .         .       .           .       .        .         login       .      .
editor or auditor   .     .       yes    .      .        .      .         yes     .           .       .        .         login       .      .
operator            .     .       .      .      .        .      .         yes     .           .       .        yes       login       .      .
access              .     .       .      .      .        .      .         .       yes         .       .        yes       login       .      .
access or auditor   .     .       .      .      .        .      .         yes     yes         .       .        yes       login       .      .
people              yes   .       .      .      .        .      .         yes     yes         .       .        yes       login       same   .
calendar            .     .       yes    .      .        .      .         yes     .           .       .        .         login       same   .
calendar editor     .     .       yes    .      .        .      .         .       .           .       .        .         login       same   .
"""

DOORS = """
# address                                    GET                  POST                 about
home                                         public               405                  -
lists                                        public               405                  -
list                                         public               405                  list
list_csv                                     public               405                  list
edition                                      public               405                  list
unit                                         public               405                  list
organisation                                 public               405                  list
notices                                      public               405                  -
programme_notices                            public               405                  list
notices_feed                                 public               405                  list
notices_feed_of_all                          public               405                  -
notice                                       public               405                  notice
notice_file                                  public               405                  notice
notice_sealed                                public               405                  notice
verify                                       public               public               -
verify_code                                  any link             any link             notice
rulebooks                                    public               405                  -
rulebook                                     public               405                  list
comparison                                   public               405                  -
comparison_csv                               public               405                  -
board                                        public               405                  -
period                                       public               405                  period
object                                       leads all            public               period
objection_receipts                           public               public               -
objection_receipt                            public               405                  receipt
large_type                                   405                  any link             -
healthz                                      public               405                  -
readyz                                       public               405                  -
metrics                                      public               405                  -

login                                        public               public               -
login_second                                 leads all            leads all            -
logout                                       405                  any link             -
password_reset                               public               public               -
password_reset_done                          public               405                  -
password_reset_complete                      public               405                  -
password_reset_confirm                       any link             any link             reset
invitation                                   public               public               link
password_change                              logged in            logged in            -
password_change_done                         logged in            405 logged in        -
my_logins                                    logged in            405 logged in        -
my_data                                      logged in            405 logged in        -
my_data_export                               logged in            405 logged in        -
my_logins_end_others                         405 logged in        logged in            -
my_login_end                                 405 logged in        nobody               another's login
kept_form                                    leads logged in      logged in            -
second_factor                                logged in            logged in            -
recovery_codes                               leads logged in      logged in            -
new_codes                                    leads logged in      logged in            -
second_factor_remove                         leads logged in      logged in            -

my                                           workbench            405 logged in        -
my_letters                                   own unit             405 logged in        -
my_letter                                    own unit             own unit             letter
my_members                                   own unit             manager              -
my_member_withdraw                           manager              manager              member
my_member_handover                           manager              manager              managed
my_invitation_revoke                         405 logged in        manager              offer
apply                                        405 logged in        own unit             procedure
change                                       own unit             own unit             draft
change_print                                 own unit             405 logged in        draft
change_operation                             own unit             own unit             draft
case                                         unit or office       405 logged in        case
case_material                                unit or office       unit or office       case
case_notice                                  unit or office       405 logged in        served
answer                                       own unit             own unit             answering
ordered_change                               own unit             own unit             ordered
answer_file                                  unit or office       405 logged in        answered
service_proof                                sees cases           405 logged in        answered proof
exit_request                                 own unit             own unit             leaving
leave                                        own unit             405 logged in        exit
case_withdraw                                405 logged in        own unit             case

admin:index                                  front                front                -
admin:login                                  to the admin         to the admin         -
admin:logout                                 log out              any link             -
admin:password_change                        short                short                -
admin:password_change_done                   staff                405 staff            -
admin:jsi18n                                 staff                405 staff            -
admin:app_list                               short                short                app
admin:anything else                          nobody               nobody               nothing
admin:operations                             operator             405 staff            -
admin:standing                               access or auditor    405 staff            -
admin:personal                               people               people               -
admin:personal_one                           clerk                nobody               objector
admin:personal_export                        clerk                405 staff            objector

admin:cases_case_changelist                  worklist             worklist             -
admin:cases_case_paper                       clerk                clerk                -
admin:cases_case_again                       clerk                nobody               -
admin:cases_case_change                      sees cases           sees cases           case
admin:cases_case_material                    sees cases           sees cases           case
admin:cases_case_dossier                     sees cases           sees cases           case
admin:cases_case_preview                     confirms rules       405 staff            rules
admin:cases_case_repin                       decider              decider              programme
admin:cases_batch_changelist                 sees cases           sees cases           -
admin:cases_batch_add                        clerk                clerk                -
admin:cases_batch_change                     sees cases           sees cases           batch
admin:cases_groundfound_changelist           sees cases           sees cases           -
admin:cases_groundfound_change               sees cases           clerk                ground
admin:cases_groundfound_file                 sees cases           405 staff            ground
admin:cases_deadline_*                       sees cases           sees cases           -
admin:corrections_correction_changelist      sees cases           sees cases           -
admin:corrections_correction_add             clerk                clerk                -
admin:corrections_correction_*               clerk                clerk                correction
admin:clearance_measure_changelist           sees cases           sees cases           -
admin:clearance_measure_ground               clerk                clerk                -
admin:clearance_measure_add                  nobody               nobody               -
admin:clearance_measure_change               clerk                clerk                measure
admin:publicity_objection_changelist         sees cases           sees cases           -
admin:publicity_objection_add                clerk                clerk                -
admin:publicity_objection_change             sees cases           nobody               objection
admin:publicity_objection_file               clerk                clerk                objection
admin:publicity_publicityperiod_changelist   sees cases           sees cases           -
admin:publicity_publicityperiod_change       sees cases           sees cases           period
admin:publicity_publicityperiod_open_batch   clerk                clerk                batch
admin:publicity_publicityperiod_take_down    clerk leads          clerk                period

admin:notices_notice_changelist              sees cases           sees cases           -
admin:notices_notice_change                  sees cases           sees cases           notice
admin:notices_notice_file                    sees cases           405 staff            notice
admin:notices_notice_withdraw                issuer leads         issuer               notice
admin:notices_notice_sealed                  issuer leads         issuer               notice
admin:notices_notice_again                   issuer leads         issuer               notice
admin:notices_notice_list                   issuer               issuer               -
admin:notices_issuer_changelist              reads wordings       reads wordings       -
admin:notices_issuer_add                     editor               editor               -
admin:notices_issuer_change                  reads wordings       editor               issuer
admin:notices_noticetemplate_changelist      reads wordings       reads wordings       -
admin:notices_noticetemplate_add             editor               editor               -
admin:notices_noticetemplate_change          reads wordings       editor               wording
admin:notices_noticetemplate_put_in_force    confirms leads       confirms rules       wording
admin:records_letter_mine                    staff                staff                -
admin:records_letter_mine_one                clerk                clerk                desk letter
admin:records_letter_send_again              405 staff            clerk                letter
admin:records_letter_changelist              letters              letters              -
admin:records_letter_history                 sees cases           sees cases           letter
admin:records_letter_change                  sees cases           nobody               letter
admin:records_letter_short                   short                short                letter
admin:records_letter_*                       nobody               nobody               letter

admin:cities_rulebook_changelist             reads rules          reads rules          -
admin:cities_rulebook_change                 reads rules          editor               draft rules
admin:cities_rulebook_history                reads rules          reads rules          draft rules
admin:cities_rulebook_compare                reads rules          405 staff            draft rules
admin:cities_rulebook_check                  reads rules          405 staff            draft rules
admin:cities_rulebook_file                   reads rules          405 staff            rules
admin:cities_rulebook_publish                confirms rules       confirms rules       draft rules
admin:cities_rulebook_copy                   editor               editor               rules
admin:cities_rulebook_adopt                  editor               editor               text for comment
admin:cities_rulebook_replace                editor               editor               draft rules
admin:cities_rulebook_discard                editor               editor               draft rules
admin:cities_rulebook_short                  short                short                draft rules
admin:cities_rulebook_*                      nobody               nobody               draft rules
admin:<rule row>_changelist                  reads rules          reads rules          -
admin:<rule row>_add                         editor               editor               place
admin:<rule row>_change                      reads rules          editor               row
admin:<rule row>_delete                      editor               editor               row
admin:<rule row>_history                     reads rules          reads rules          row
admin:<rule row>_short                       short                short                row
admin:cities_officedecision_changelist       reads rules          reads rules          -
admin:cities_officedecision_matter           reads rules          nobody               matter
admin:cities_city_changelist                 editor or auditor    editor or auditor    -
admin:cities_city_change                     editor or auditor    editor               city
admin:cities_city_history                    editor or auditor    editor or auditor    city
admin:cities_city_short                      short                short                city
admin:cities_city_*                          nobody               nobody               city
admin:cities_programme_changelist            editor or auditor    editor or auditor    -
admin:cities_programme_change                editor or auditor    editor               programme
admin:cities_programme_history               editor or auditor    editor or auditor    programme
admin:cities_programme_short                 short                short                programme
admin:cities_programme_*                     nobody               nobody               programme
admin:cities_calendar*_changelist            editor or auditor    editor or auditor    -
admin:cities_calendar*_add                   editor               editor               -
admin:cities_calendar*_simple_history        calendar             calendar             calendar
admin:cities_calendar*_change                calendar             calendar editor      calendar
admin:cities_calendar*_history               calendar             calendar             calendar
admin:cities_calendar*_short                 short                short                calendar
admin:cities_calendar*_delete                nobody               nobody               calendar

admin:providers_succession_add               clerk                clerk                -
admin:providers_succession_change            sees cases           clerk                listed
admin:providers_termination_add              clerk                clerk                -
admin:providers_termination_change           sees cases           clerk                listed
admin:providers_*_changelist                 sees cases           sees cases           -
admin:providers_*_add                        nobody               nobody               -
admin:providers_registration_change          sees cases           clerk                listed
admin:providers_*_change                     sees cases           nobody               listed
admin:providers_*_history                    sees cases           sees cases           listed
admin:providers_*_delete                     nobody               nobody               listed
admin:providers_*_short                      short                short                listed

admin:accounts_grant_overview                access or auditor    access or auditor    -
admin:accounts_grant_changelist              access or auditor    access or auditor    -
admin:accounts_grant_add                     access               access               -
admin:accounts_grant_change                  access or auditor    nobody               grant
admin:accounts_grant_history                 access or auditor    access or auditor    grant
admin:accounts_grant_withdraw                access               access               grant
admin:accounts_grant_short                   short                short                grant
admin:accounts_grant_delete                  nobody               nobody               grant
admin:accounts_user_accounts                 access               access               person
admin:accounts_user_second_factor            access               access               person
admin:accounts_user_changelist               access               access               -
admin:accounts_user_add                      access               access               -
admin:accounts_user_change                   access               access               person
admin:accounts_user_history                  access               access               person
admin:accounts_user_short                    short                short                person
admin:accounts_user_delete                   nobody               nobody               person
admin:accounts_invitation_handover           clerk                nobody               -
admin:accounts_handover_evidence             clerk or auditor     405 staff            handover
admin:accounts_invitation_changelist         clerk                clerk                -
admin:accounts_invitation_add                clerk                clerk                -
admin:accounts_invitation_change             clerk                nobody               office offer
admin:accounts_invitation_history            clerk                clerk                office offer
admin:accounts_invitation_revoke             405 staff            clerk                office offer
admin:accounts_invitation_short              short                short                office offer
admin:accounts_invitation_delete             nobody               nobody               office offer
"""

# What a page of the admin offers as buttons of one form: the page, the name in the form, its values, and who may press them.
# Whoever may not changes nothing by posting them all the same.
ACTS = """
admin:cases_case_change           action   decide                                                            clerk decider reviewer
admin:cases_case_change           action   assign                                                            clerk decider
admin:cases_case_change           action   open_period record_period send_back take_down publish retry       clerk
admin:cases_case_change           action   withdraw_correction                                               clerk
admin:cases_case_change           action   serve give_up_service record_answer note_afterwards               clerk
admin:cases_case_change           action   add_followup finish_followup                                      clerk
admin:cases_case_change           action   take_out_ground                                                   clerk
admin:cases_case_change           action   revoke                                                            decider
admin:cases_case_change           action   keep hold resume extend correct choose_announcement               decider
admin:cases_batch_change          do       decide                                                            clerk decider
admin:cases_batch_change          do       remove split add gather release                                   clerk
admin:publicity_objection_change  act      accept not_accept note conclude tell                              clerk
admin:publicity_objection_change  act      look                                                              auditor
"""
