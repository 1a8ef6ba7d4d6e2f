/* What --help says: an overview that fits a small terminal, and each verb's own options. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"

static const char overview[] =
	"usage: rolegatectl [--config DIR] [--json] VERB ...\n"
	"  check | test FILE             every error and warning; a table of decisions\n"
	"  show USER | --roles A,B       what they may run, and by which line\n"
	"  show --profile [NAME]         what a profile restricts, and by which line\n"
	"  explain WHO -- CMD [ARG ...]  the decision, and why\n"
	"  trial WHO -- CMD [ARG ...]    run it once, and print the least profile\n"
	"  new-role NAME                 a role file to begin with, or from the log\n"
	"  diff OLD-DIR NEW-DIR          who gains and who loses what\n"
	"  import psrc | sudoers FILE    roles from what JEA or sudo has\n"
	"  trust add | update NAME       trust a script as it is now\n"
	"  trust list | verify           what is trusted; whether it still is that\n"
	"  trust generate DIR            entries for all scripts of a staging directory\n"
	"  bundle key | sign | verify    sign a configuration; is it as it was signed?\n"
	"  bundle install | rollback     put one in place; put the former one back\n"
	"  pending [show N]              what waits for approval\n"
	"  approve | reject | revoke N   let it run; don't; take an approval back\n"
	"  sessions | terminate ID       who is there, and what runs; end it\n"
	"  log | verify-log              what happened; is that as it was written?\n"
	"  replay | watch ID             show a recording; follow a run live\n"
	"  report --html FILE            one page: who may do what, and who did\n"
	"  status | reload               what the gateway does; load its files again\n"
	"WHO is --user NAME or --roles A,B. \"rolegatectl VERB --help\" has its options,\n"
	"rolegatectl(8) says what they mean. Also: --help, --version.\n";

struct form {
	const char *verb;
	const char *text; /* each line is one way to call it */
};

static const struct form forms[] = {
	{"check", "[--config DIR] [--json] check\n"},
	{"show", "[--config DIR] [--json] show USER | --roles A,B [-e ENDPOINT]\n"
		 "[--config DIR] [--json] show --profile [NAME]\n"},
	{"explain", "[--config DIR] [--json] explain WHO [--endpoint E]\n"
		    "            -- CMD [ARG ...]\n"
		    "[--config DIR] [--json] explain WHO [--endpoint E]\n"
		    "            --line LINE\n"
		    "[--config DIR] [--json] explain [WHO] [--endpoint E]\n"
		    "            --batch FILE\n"
		    "  WHO is --user NAME [--act-as OTHER], or --roles A,B\n"},
	{"trial", "[--config DIR] trial [--user NAME | --roles A,B]\n"
		  "            [--endpoint E] [--as ACCOUNT] -- CMD [ARG ...]\n"},
	{"trust", "[--config DIR] trust add [--level untrusted|trusted]\n"
		  "            [--on-mismatch block|constrain|warn] [--pin-interpreter]\n"
		  "            [--id UUID] [--signed-by KEY] NAME | PATH\n"
		  "[--config DIR] [--json] trust list | verify\n"
		  "[--config DIR] trust update NAME | PATH | ID\n"
		  "trust generate [--level L] [--on-mismatch M] DIR\n"},
	{"bundle", "bundle key --key FILE [--key-name NAME]\n"
		   "bundle sign DIR --key FILE [--key-name NAME] [--name TEXT]\n"
		   "[--config DIR] [--json] bundle verify DIR [--keys FILE]\n"
		   "[--config DIR] bundle install DIR [--trust-key FILE]\n"
		   "            [--allow-older]\n"
		   "[--config DIR] bundle rollback\n"
		   "[--config DIR] [--json] bundle list\n"},
	{"pending", "[--json] [-n] [-e ENDPOINT] pending [--all | --state STATE]\n"
		    "[--json] [-n] [-e ENDPOINT] pending show N\n"},
	{"approve", "[--json] [-n] [-e ENDPOINT] approve N [--for 90s|30m|8h|7d]\n"
		    "            [--once] [--role ROLE] [--as-caller-only] --reason TEXT\n"},
	{"reject", "[--json] [-n] [-e ENDPOINT] reject N --reason TEXT\n"},
	{"revoke", "[--json] [-n] [-e ENDPOINT] revoke N --reason TEXT\n"},
	{"sessions", "[--json] sessions [--user USER]\n"},
	{"terminate", "[--json] terminate REQUEST | SESSION [--reason TEXT]\n"
		      "[--json] terminate --user USER [--reason TEXT]\n"},
	{"log", "[--json] log [--user U] [--role R] [--command C] [--run-as A]\n"
		"            [--endpoint E] [--denied] [--reason CODE] [--since T]\n"
		"            [--until T] [--request ID] [--pipeline ID] [--session ID]\n"
		"            [--approval N] [--op OP] [--last N] [--all] [--full]\n"
		"            [--csv] [--follow] [--log PATH]\n"
		"  T is 2026-11-29, 2026-11-29T08:00:00Z, or 90s, 30m, 8h, 7d ago\n"},
	{"verify-log", "[--json] verify-log [--log PATH] [--key PUBLIC.pem]\n"
		       "            [--since-head SEQ:HASH] [--audit-log FILE]\n"
		       "            [--no-transcripts]\n"},
	{"replay", "[--config DIR] [--json] replay ID [--speed N] [--max-idle S]\n"
		   "            [--follow] [--text] [--raw [--force]] [--log PATH]\n"},
	{"watch", "[--config DIR] [--json] watch ID [--raw [--force]]\n"
		  "            [--log PATH]\n"},
	{"report", "[--config DIR] report --html FILE | --json [--log PATH]\n"
		   "            [--since T] [--until T]\n"},
	{"new-role", "[--config DIR] [--json] new-role NAME [--description TEXT]\n"
		     "            [--command CMD ...] [--output FILE]\n"
		     "[--config DIR] [--json] new-role NAME --from-log\n"
		     "            --user USER | --group GROUP [--since TIME] [--log PATH]\n"
		     "            [--description TEXT] [--output FILE]\n"},
	{"diff", "[--json] diff OLD-DIR NEW-DIR [--roles-only]\n"},
	{"import", "[--config DIR] [--json] import psrc FILE ...\n"
		   "            [--output-dir DIR]\n"
		   "[--json] import sudoers FILE.json [--host NAME]\n"
		   "            [--output-dir DIR]\n"},
	{"test", "[--config DIR] [--json] test FILE [--coverage] [--junit FILE]\n"},
	{"status", "[--json] status\n"},
	{"reload", "[--json] reload\n"},
};

static void print_form(FILE *to, const char *text)
{
	const char *head = "usage:";

	while (*text != '\0') {
		size_t length = strcspn(text, "\n") + 1;

		if (*text == ' ')
			fprintf(to, "     %.*s", (int)length, text);
		else
			fprintf(to, "%6s rolegatectl %.*s", head, (int)length, text);
		head = "";
		text += length;
	}
}

void usage(FILE *to, const char *verb)
{
	for (size_t i = 0; verb != NULL && i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i].verb, verb) == 0) {
			print_form(to, forms[i].text);
			return;
		}
	fputs(overview, to);
}
