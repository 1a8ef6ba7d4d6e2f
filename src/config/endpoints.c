#include <string.h>

#include "config/act_as.h"
#include "config/build.h"
#include "config/check.h"
#include "config/drive.h"
#include "config/inputs.h"

enum {
	SESSIONS_DEFAULT = 32,
	REQUEST_SIZE_DEFAULT = 65536,
	REQUEST_SIZE_MAX = 120000, /* one packet of SOCK_SEQPACKET, with room for its head */
	HANDSHAKE_DEFAULT = 10,	   /* seconds */
	SERVICE_DEFAULT = 15,	   /* seconds */
	APPROVERS_MAX = 16,
	MOTD_MAX = 4096, /* bytes */
	CONTACT_MAX = 200,
	ALL_SESSIONS_MAX = 1024, /* what the gateway has room for */
};

/* rolegate.conf while it is read. */
struct main_file {
	int audit_failure; /* of endpoints that say nothing themselves */
	const char *event_log;
	unsigned sessions;
};

/* An endpoint while it is read: offsets of its keys are into this. */
struct endpoint_reading {
	struct endpoint endpoint;
	int audit_failure;
};

static const char *const audit_failures[] = {
	[AUDIT_FAILURE_DENY] = "deny",
	[AUDIT_FAILURE_CONTINUE] = "continue",
	NULL,
};

static void read_audit_failure(struct reader *reader, const config_setting_t *setting, void *field)
{
	int index = reader_choice(reader, setting, audit_failures);

	if (index >= 0)
		*(int *)field = index;
}

static void read_audit(struct reader *reader, const config_setting_t *setting, void *field)
{
	int index = reader_choice(reader, setting, audit_level_names);

	if (index >= 0)
		*(enum audit_level *)field = (enum audit_level)index;
}

static void read_authenticate(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {
		[AUTHENTICATE_NEVER] = "never",
		[AUTHENTICATE_SESSION] = "session",
		[AUTHENTICATE_ALWAYS] = "always",
		NULL,
	};
	int index = reader_choice(reader, setting, names);

	if (index >= 0)
		*(enum authenticate *)field = (enum authenticate)index;
}

static void read_merge(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {
		[MERGE_JEA] = "jea",
		[MERGE_SINGLE_ROLE] = "single-role",
		NULL,
	};
	int index = reader_choice(reader, setting, names);

	if (index >= 0)
		*(enum merge_mode *)field = (enum merge_mode)index;
}

static void read_approval(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"none", "required", NULL};
	int index = reader_choice(reader, setting, names);

	if (index >= 0)
		*(bool *)field = index == 1;
}

static void read_motd(struct reader *reader, const config_setting_t *setting, void *field)
{
	const char *text = reader_text(reader, setting);

	if (text != NULL && strlen(text) > MOTD_MAX)
		reader_error(reader, setting, "motd has %zu bytes; expected at most %d",
			strlen(text), MOTD_MAX);
	else if (text != NULL)
		*(const char **)field = text;
}

static void read_contact(struct reader *reader, const config_setting_t *setting, void *field)
{
	const char *text = reader_string(reader, setting, NULL);

	if (text != NULL && (text[0] == '\0' || strlen(text) > CONTACT_MAX))
		reader_error(reader, setting, "contact has %zu bytes; expected 1 to %d",
			strlen(text), CONTACT_MAX);
	else if (text != NULL)
		*(const char **)field = text;
}

static void read_group_rule(
	struct reader *reader, const config_setting_t *setting, struct group_rule *rule);

static void read_group_rules(struct reader *reader, const config_setting_t *list, void *field)
{
	struct group_rule *rule = field;

	rule->count = (size_t)config_setting_length(list);
	rule->rules = arena_array(reader->loader->arena, rule->count, sizeof(*rule->rules));
	for (unsigned i = 0; i < rule->count; i++)
		read_group_rule(reader, config_setting_get_elem(list, i), &rule->rules[i]);
}

static void read_group_rule(
	struct reader *reader, const config_setting_t *setting, struct group_rule *rule)
{
	static const struct schema_key keys[] = {
		{"all", SHAPE_LIST, .handler = read_group_rules, .not_empty = true},
		{"any", SHAPE_LIST, .handler = read_group_rules, .not_empty = true},
		{0},
	};
	bool present[2];

	if (config_setting_type(setting) == CONFIG_TYPE_STRING) {
		rule->kind = GROUP_NAME;
		rule->name = reader_string(reader, setting, check_group);
		return;
	}
	if (!config_setting_is_group(setting)) {
		reader_error(reader, setting,
			"required_groups: expected the name of a group, or { all = ( ... ); } or "
			"{ any = ( ... ); }");
		return;
	}
	schema_read(reader, NULL, setting, keys, rule, present);
	rule->kind = present[0] ? GROUP_ALL : GROUP_ANY;
	if (present[0] == present[1])
		reader_error(reader, setting,
			"required_groups: expected exactly one of \"all\" and \"any\" in a group { "
			"}");
}

static void read_required_groups(
	struct reader *reader, const config_setting_t *setting, void *field)
{
	struct group_rule *rule = arena_alloc(reader->loader->arena, sizeof(*rule));

	read_group_rule(reader, setting, rule);
	*(struct group_rule **)field = rule;
}

static const char *role_hint(struct reader *reader, const char *name)
{
	const struct policy *policy = reader->loader->policy;
	struct strings names = {0};

	for (size_t i = 0; i < policy->role_count; i++)
		strings_add(reader->loader->scratch, &names, policy->roles[i].name);
	return reader_hint(reader, name, names.items, names.count);
}

static void read_roles(struct reader *reader, const config_setting_t *list, void *field)
{
	struct role_definition *definition = field;
	const struct policy *policy = reader->loader->policy;
	unsigned count = (unsigned)config_setting_length(list);

	definition->roles = arena_array(reader->loader->arena, count, sizeof(const struct role *));
	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *element = config_setting_get_elem(list, i);
		const char *name = reader_string(reader, element, check_name);
		struct role *role;

		if (name == NULL)
			continue;
		role = table_get(&policy->role_by_name, name);
		if (role != NULL)
			definition->roles[definition->role_count++] = role;
		else
			reader_error(reader, element,
				"role \"%s\" does not exist; expected a file roles.d/%s.role%s",
				name, name, role_hint(reader, name));
	}
}

static const struct schema_key definition_keys[] = {
	{"user", SHAPE_STRING, .offset = offsetof(struct role_definition, user),
		.check = check_account},
	{"group", SHAPE_STRING, .offset = offsetof(struct role_definition, group),
		.check = check_group},
	{"roles", SHAPE_LIST, .required = true, .handler = read_roles, .not_empty = true},
	{0},
};

static void read_definition(struct reader *reader, const config_setting_t *group, void *target)
{
	struct endpoint *endpoint = target;
	struct role_definition *definition = &endpoint->definitions[endpoint->definition_count];
	bool present[3];

	definition->source = reader_source(reader, group);
	schema_read(reader, NULL, group, definition_keys, definition, present);
	if (present[0] == present[1])
		reader_error(reader, group,
			"role_definitions: expected exactly one of \"user\" and \"group\"");
	endpoint->definition_count++;
}

static void read_definitions(struct reader *reader, const config_setting_t *list, void *field)
{
	struct endpoint *endpoint = field;
	size_t room = 1; /* as arena_grow() expects it: roles add theirs (assigned_to) */

	while (room < (size_t)config_setting_length(list))
		room *= 2;
	endpoint->definitions =
		arena_array(reader->loader->arena, room, sizeof(*endpoint->definitions));
	schema_each_group(reader, list, read_definition, endpoint);
}

static const char *check_event_log(const char *text)
{
	if (strcmp(text, "recorder") == 0 || check_path(text) == NULL)
		return NULL;
	return "\"recorder\", or an absolute path without \"//\", \".\", \"..\" or a slash at its end";
}

static const char *check_endpoint_name(const char *text)
{
	if (strcmp(text, "control") == 0 || strcmp(text, "default") == 0 ||
		strcmp(text, "recorder") == 0)
		return "another name: the gateway has a socket of this name already";
	return check_name(text);
}

#define FIELD(member) .offset = offsetof(struct endpoint_reading, endpoint.member)

static const struct schema_key endpoint_keys[] = {
	{"name", SHAPE_STRING, .required = true, FIELD(name), .check = check_endpoint_name},
	{"role_definitions", SHAPE_LIST, .handler = read_definitions},
	{"required_groups", SHAPE_ANY, FIELD(required_groups), .handler = read_required_groups},
	{"run_as", SHAPE_STRING, FIELD(run_as), .check = check_run_as},
	{"profile", SHAPE_STRING, FIELD(profile_name), .handler = build_profile},
	{"audit", SHAPE_STRING, FIELD(audit), .handler = read_audit},
	{"audit_failure", SHAPE_STRING, .offset = offsetof(struct endpoint_reading, audit_failure),
		.handler = read_audit_failure},
	{"authenticate", SHAPE_STRING, FIELD(authenticate), .handler = read_authenticate},
	{"merge", SHAPE_STRING, FIELD(merge), .handler = read_merge},
	{"allow_unset_loginuid", SHAPE_BOOLEAN, FIELD(allow_unset_loginuid)},
	{"approval", SHAPE_STRING, FIELD(approval.required), .handler = read_approval,
		.expected = "\"required\" or \"none\""},
	{"learn", SHAPE_BOOLEAN, FIELD(approval.learn)},
	{"self_approval", SHAPE_BOOLEAN, FIELD(approval.self_approval)},
	{"approvers", SHAPE_NUMBER, FIELD(approval.approvers), .minimum = 1,
		.maximum = APPROVERS_MAX},
	{"approver_groups", SHAPE_STRINGS, FIELD(approval.groups), .check = check_group,
		.not_empty = true},
	{"sessions_per_user", SHAPE_NUMBER, FIELD(limits.sessions_per_user), .minimum = 1,
		.maximum = 10000},
	{"request_size", SHAPE_NUMBER, FIELD(limits.request_size), .minimum = 1024,
		.maximum = REQUEST_SIZE_MAX},
	{"handshake_timeout", SHAPE_NUMBER, FIELD(limits.handshake_timeout), .minimum = 1,
		.maximum = 3600},
	{"service_timeout", SHAPE_NUMBER, FIELD(limits.service_timeout), .minimum = 1,
		.maximum = 300},
	{"idle_timeout", SHAPE_ANY, FIELD(limits.idle_timeout), .handler = build_duration},
	{"session_timeout", SHAPE_ANY, FIELD(limits.session_timeout), .handler = build_duration},
	{"warning_time", SHAPE_ANY, FIELD(limits.warning_time), .handler = build_duration},
	{"user_drive", SHAPE_GROUP, FIELD(drive), .handler = build_drive},
	{"transcript", SHAPE_STRING, FIELD(transcript), .handler = build_transcript},
	{"transcript_input", SHAPE_BOOLEAN, FIELD(transcript.input)},
	{"act_as", SHAPE_LIST, .handler = build_act_as, .not_empty = true},
	{"motd", SHAPE_STRING, FIELD(motd), .handler = read_motd},
	{"contact", SHAPE_STRING, FIELD(contact), .handler = read_contact},
	{"pipelines", SHAPE_BOOLEAN, FIELD(pipelines)},
	{0},
};

static bool is_taken(struct loader *loader, const struct endpoint *endpoint)
{
	struct source *before = table_get(&loader->endpoint_line, endpoint->name);

	if (before != NULL)
		problem_add(loader->problems, PROBLEM_ERROR, endpoint->source,
			"endpoint \"%s\" is already defined at %s:%u", endpoint->name, before->file,
			before->line);
	return before != NULL;
}

static void check_limit(struct reader *reader, const config_setting_t *group, const char *name,
	unsigned limit, unsigned warning)
{
	if (limit > 0 && warning >= limit)
		reader_error(reader, config_setting_get_member(group, "warning_time"),
			"warning_time: expected less than %s, which it comes before", name);
}

/* A warning of nothing would be one that somebody counts on (R5). */
static void check_limits(
	struct reader *reader, const config_setting_t *group, const struct limits *limits)
{
	if (limits->warning_time == 0)
		return;
	if (limits->idle_timeout == 0 && limits->session_timeout == 0)
		reader_error(reader, config_setting_get_member(group, "warning_time"),
			"warning_time: expected idle_timeout or session_timeout as well");
	check_limit(reader, group, "idle_timeout", limits->idle_timeout, limits->warning_time);
	check_limit(
		reader, group, "session_timeout", limits->session_timeout, limits->warning_time);
}

static void read_endpoint(struct reader *reader, const config_setting_t *group, void *target)
{
	struct loader *loader = reader->loader;
	struct policy *policy = loader->policy;
	struct endpoint_reading reading = {
		.endpoint =
			{
				.audit = AUDIT_LEVEL_STANDARD,
				.approval = {.approvers = 1},
				.pipelines = true,
				.limits = {.sessions_per_user = SESSIONS_DEFAULT,
					.request_size = REQUEST_SIZE_DEFAULT,
					.service_timeout = SERVICE_DEFAULT,
					.handshake_timeout = HANDSHAKE_DEFAULT},
				.source = reader_source(reader, group),
			},
		.audit_failure = ((struct main_file *)target)->audit_failure,
	};
	struct endpoint *endpoint = &policy->endpoints[policy->endpoint_count];

	schema_read(reader, "endpoint", group, endpoint_keys, &reading, NULL);
	check_limits(reader, group, &reading.endpoint.limits);
	if (reading.endpoint.name == NULL || is_taken(loader, &reading.endpoint))
		return;
	*endpoint = reading.endpoint;
	endpoint->audit_failure = (enum audit_failure)reading.audit_failure;
	table_put(loader->scratch, &loader->endpoint_line, endpoint->name, &endpoint->source);
	policy->endpoint_count++;
}

static void read_endpoints(struct reader *reader, const config_setting_t *list, void *field)
{
	reader->loader->policy->endpoints = arena_array(reader->loader->arena,
		(size_t)config_setting_length(list), sizeof(struct endpoint));
	schema_each_group(reader, list, read_endpoint, field);
}

/* audit_failure comes first: it is the default of the endpoints. */
static const struct schema_key main_keys[] = {
	{"audit_failure", SHAPE_STRING, .offset = offsetof(struct main_file, audit_failure),
		.handler = read_audit_failure},
	{"event_log", SHAPE_STRING, .offset = offsetof(struct main_file, event_log),
		.check = check_event_log},
	{"sessions", SHAPE_NUMBER, .offset = offsetof(struct main_file, sessions), .minimum = 16,
		.maximum = ALL_SESSIONS_MAX},
	{"validators", SHAPE_LIST, .handler = build_validators},
	{"endpoints", SHAPE_LIST, .required = true, .handler = read_endpoints},
	{"trusted_keys", SHAPE_LIST, .handler = build_trusted_keys},
	{"trusted", SHAPE_LIST, .handler = build_trusted_list},
	{0},
};

void build_endpoints(struct reader *reader, const config_setting_t *root)
{
	struct main_file file = {
		.audit_failure = AUDIT_FAILURE_DENY, .sessions = ALL_SESSIONS_MAX};

	schema_read(reader, NULL, root, main_keys, &file, NULL);
	reader->loader->policy->event_log = file.event_log;
	reader->loader->policy->sessions_max = file.sessions;
}
