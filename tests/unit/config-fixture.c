#include "config-fixture.h"

#include <string.h>

#define TEXT(text) text, sizeof(text) - 1
#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

const struct config_file good_files[] = {
	{"rolegate.conf",
		TEXT("audit_failure = \"continue\";\n"
		     "event_log = \"/var/log/rolegate/events.json\";\n"
		     "sessions = 100;\n"
		     "endpoints = (\n"
		     "  { name = \"operations\";\n"
		     "    role_definitions = (\n"
		     "      { group = \"web-ops\"; roles = [ \"web\" ]; },\n"
		     "      { user = \"dana\"; roles = ( \"web\", \"reader\" ); } );\n"
		     "    required_groups = { all = ( \"staff\", { any = [ \"mfa\", \"glass\" ]; } "
		     "); };\n"
		     "    run_as = \"svc-ops\"; profile = \"unrestricted\"; audit = \"full\";\n"
		     "    audit_failure = \"deny\"; authenticate = \"session\"; merge = "
		     "\"single-role\";\n"
		     "    allow_unset_loginuid = true; sessions_per_user = 5; request_size = "
		     "4096;\n"
		     "    handshake_timeout = 20; service_timeout = 30; "
		     "transcript = \"required\"; transcript_input = true;\n"
		     "    motd = \"Careful.\\nTwo lines.\"; pipelines = false;\n"
		     "    contact = \"the desk\"; },\n"
		     "  { name = \"second\"; run_as = \"caller\"; approval = \"required\"; learn = true;\n"
		     "    self_approval = true; approvers = 2; approver_groups = [ \"glass\" ]; } );\n"
		     "trusted_keys = ( { name = \"release\";\n"
		     "    key = \"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"; } );\n"
		     "trusted = ( { id = \"00000001-0000-4000-8000-000000000000\";\n"
		     "    path = \"functions.d/base.conf\"; signed_by = \"release\"; level = "
		     "\"system\";\n"
		     "    exports = [ \"drain node\", \"from-file\" ]; others = \"constrain\"; } "
		     ");\n")},
	{"commands.d/base.conf",
		TEXT("commands = (\n"
		     "  { name = \"journal\"; description = \"Read\"; program = "
		     "\"/usr/bin/journalctl\";\n"
		     "    arguments = [ \"--no-pager\", \"-q\", \"-q\" ]; run_as = \"svc-logs\";\n"
		     "    profile = \"unrestricted\"; class = \"read-only\"; enabled = true; "
		     "end_of_options = false;\n"
		     "    emit = \"separate\"; timeout = 60; directory = \"/var\"; detach = true;"
		     "    transcript = \"best-effort\"; transcript_input = true; terminal = \"required\";\n"
		     "    environment = ( { name = \"LC_ALL\"; value = \"C\"; } );\n"
		     "    parameters = (\n"
		     "      { name = \"unit\"; description = \"d\"; type = \"string\"; options = [ "
		     "\"-u\", \"--unit\" ];\n"
		     "        validate = \"systemd-unit\"; required = true; repeat = 3; max_length "
		     "= 100;\n"
		     "        message = \"a unit\"; leading_dash = false; secret = false; },\n"
		     "      { name = \"lines\"; type = \"integer\"; options = [ \"-n\" ]; minimum "
		     "= -5;\n"
		     "        maximum = 9000000000L; default = 10; },\n"
		     "      { name = \"follow\"; type = \"flag\"; options = [ \"-f\" ]; common = "
		     "true; },\n"
		     "      { name = \"order\"; type = \"choice\"; choices = [ \"up\", \"down\" ]; "
		     "default = \"up\"; },\n"
		     "      { name = \"match\"; pattern = \"[a-z]+\"; options = [ \"-match\" ]; "
		     "},\n"
		     "      { name = \"file\"; type = \"path\"; under = [ \"/var/log\" ]; position "
		     "= 1; } ); },\n"
		     "  { name = \"systemctl restart\"; program = \"/usr/bin/systemctl\";\n"
		     "    parameters = ( { name = \"unit\"; position = 1; validate = "
		     "\"systemd-unit\"; } ); },\n"
		     "  { name = \"systemctl stop\"; program = \"/usr/bin/systemctl\"; } );\n")},
	{"roles.d/web.role",
		TEXT("description = \"Look after the web tier\";\n"
		     "visible_commands = (\n"
		     "  { name = \"journal\"; parameters = (\n"
		     "      \"follow\",\n"
		     "      { name = \"unit\"; set = [ \"nginx.service\", \"php.service\" ]; },\n"
		     "      { name = \"lines\"; set = [ 1, 50 ]; } ); },\n"
		     "  { name = \"systemctl restart\"; parameters = (\n"
		     "      { name = \"unit\"; set = [ \"a.service\" ]; pattern = \"nginx.*\"; } "
		     "); },\n"
		     "  \"systemctl *\" );\n"
		     "visible_functions = ();\n"
		     "visible_external_commands = [ \"/usr/bin/uptime\" ];\n"
		     "visible_aliases = [ \"jc\", \"up\" ];\n"
		     "visible_providers = [ \"web-logs\" ];\n"
		     "alias_definitions = ( { name = \"jc\"; command = \"journal\"; },\n"
		     "  { name = \"up\"; command = \"/usr/bin/uptime\"; } );\n"
		     "transcript = \"required\"; transcript_input = false; "
		     "environment_variables = ( { name = \"COLORS\"; value = \"0\"; } );\n")},
	{"roles.d/reader.role",
		TEXT("visible_commands = ( \"journal\", { name = \"disk free\"; parameters = (); } "
		     ");\n"
		     "visible_aliases = [ \"jc\" ];\n"
		     "alias_definitions = ( { name = \"jc\"; command = \"journal\"; } );\n"
		     "environment_variables = ( { name = \"COLORS\"; value = \"0\"; } );\n"
		     "command_definitions = ( { name = \"disk free\"; program = \"/usr/bin/df\"; } "
		     ");\n"
		     "function_definitions = ( { name = \"hello\"; script = \"#!/bin/sh\\n\"; } );\n"
		     "visible_functions = ( \"hello\", { name = \"drain node\"; parameters = (\n"
		     "  \"why\", { name = \"mode\"; set = [ \"soft\" ]; } ); } );\n"
		     "startup_functions = [ \"hello\" ];\n")},
	{"profiles.d/base.conf",
		TEXT("profiles = (\n"
		     "  { name = \"base\"; description = \"A parent\"; execute = [ \"/usr/bin/id\" "
		     "];\n"
		     "    network = \"local\"; if_unsupported = \"warn\"; audit = \"violations\";\n"
		     "    filesystem = { read = [ \"/\" ]; write = [ \"/srv\" ]; hidden = [ "
		     "\"/root\" ];\n"
		     "      protect = [ \".*\" ]; proc = \"own\"; tmp = \"own\"; };\n"
		     "    capabilities = [ \"CAP_NET_RAW\", \"CAP_CHOWN\" ];\n"
		     "    system_calls = { deny = [ \"@mount\", \"ptrace\" ]; };\n"
		     "    limits = { processes = 64; memory = \"512M\"; cpu_seconds = 60; "
		     "cpu_percent "
		     "= 50;\n"
		     "      file_size = 1000; open_files = 256; seconds = 30; };\n"
		     "    blocked_commands = [ \"systemctl *\" ];\n"
		     "    allowed_commands = [ \"journal\", \"/usr/bin/*\" ];\n"
		     "    classes = [ \"read-only\", \"write-capable\" ]; },\n"
		     "  { name = \"child\"; extends = \"base\"; execute = \"none\";\n"
		     "    filesystem = { providers = true; hidden = [ \"/home\" ]; };\n"
		     "    system_calls = { deny = [ \"bpf\" ]; allow = [ \"ptrace\" ]; };\n"
		     "    limits = { memory = \"1G\"; }; } );\n")},
	{"functions.d/base.conf",
		TEXT("validators = ( { name = \"ticket\"; pattern = \"[A-Z]+-[0-9]+\";\n"
		     "    message = \"a ticket such as OPS-12\"; } );\n"
		     "functions = (\n"
		     "  { name = \"hosts\"; description = \"Those of a site\"; script = \"#!/bin/sh\\necho web1\\n\";\n"
		     "    inputs = ( { name = \"site\"; validate = \"none\"; } ); },\n"
		     "  { name = \"undo drain\"; script = \"exit 0\\n\"; interpreter = \"/bin/sh\"; },\n"
		     "  { name = \"drain node\"; description = \"Take a node out\"; run_as = \"caller\";\n"
		     "    script = \"#!/bin/sh\\ndate\\n\"; interpreter = \"/bin/bash\"; profile = \"base\";\n"
		     "    class = \"write-capable\"; enabled = true; timeout = 30; directory = \"/srv\";\n"
		     "    environment = ( { name = \"LC_ALL\"; value = \"C\"; } );\n"
		     "    transcript = \"off\"; transcript_input = true; "
		     "    show_errors = true; transaction = { paths = [ \"/srv/a\", \"/srv/b\" ]; };\n"
		     "    rollback = \"undo drain\"; audit_steps = true; approval = \"required\";\n"
		     "    self_approval = true; approvers = 2; approver_groups = [ \"leads\" ];\n"
		     "    inputs = (\n"
		     "      { name = \"node\"; description = \"Which one\"; type = \"choice\"; choices_from = \"hosts\";\n"
		     "        required = true; },\n"
		     "      { name = \"mode\"; type = \"choice\"; choices = [ \"soft\", \"hard\" ]; default = \"soft\"; },\n"
		     "      { name = \"force\"; type = \"boolean\"; default = false;\n"
		     "        show_if = { input = \"mode\"; value = \"hard\"; }; },\n"
		     "      { name = \"until\"; type = \"date\"; default = \"2026-12-31\"; },\n"
		     "      { name = \"why\"; type = \"text\"; validate = \"none\"; default = \"no\\n\\treason\";\n"
		     "        show_if = { input = \"mode\"; values = [ \"soft\", \"hard\" ]; }; },\n"
		     "      { name = \"ticket-id\"; validate = \"ticket\"; options = [ \"-t\", \"--ticket\" ]; } ); },\n"
		     "  { name = \"from-file\"; file = \"/usr/lib/x/y\"; } );\n")},
	{"trusted.d/base.conf",
		TEXT("trusted = (\n"
		     "  { id = \"00000002-0000-4000-8000-000000000000\"; function = "
		     "\"from-file\";\n"
		     "    content_hash = \"sha256:" DIGITS "\"; interpreter_hash = \"sha256:" DIGITS
		     "\";\n"
		     "    level = \"untrusted\"; on_mismatch = \"warn\"; } );\n")},
	{"providers.d/base.conf", TEXT("providers = ( { name = \"web-logs\"; read = [ "
				       "\"/var/log/nginx\" ]; write = []; } );\n")},
};

const size_t good_file_count = sizeof(good_files) / sizeof(good_files[0]);

struct loaded load_only(const struct config_file *files, size_t count)
{
	struct loaded loaded = {.arena = arena_new()};

	loaded.problems.arena = loaded.arena;
	loaded.policy = config_load_memory(loaded.arena, files, count, &loaded.problems);
	return loaded;
}

struct loaded load_with(const char *name, const char *text, size_t length)
{
	struct config_file files[sizeof(good_files) / sizeof(good_files[0]) + 1];
	size_t count = good_file_count, place = 0;

	memcpy(files, good_files, sizeof(good_files));
	if (name == NULL)
		return load_only(files, count);
	while (place < count && strcmp(files[place].name, name) != 0)
		place++;
	count += place == count;
	files[place] = (struct config_file){name, text, length};
	return load_only(files, count);
}

void loaded_free(struct loaded *loaded)
{
	arena_free(loaded->arena);
}

char *problem_lines(const struct loaded *loaded, enum problem_level level)
{
	struct strings lines = {0};

	for (size_t i = 0; i < loaded->problems.count; i++)
		if (loaded->problems.items[i].level == level)
			strings_add(loaded->arena, &lines,
				problem_text(loaded->arena, &loaded->problems.items[i]));
	return strings_join(loaded->arena, &lines, "\n");
}
