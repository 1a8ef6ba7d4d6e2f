/* new-role --from-log: whose events, and whether the role that comes of them is good. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "admin/admin.h"
#include "admin/new_role.h"
#include "admin/person.h"
#include "author/from_log.h"
#include "base/message.h"
#include "config/config.h"
#include "log/log.h"
#include "record/event_object.h"

static int take_event(void *context, const struct log_event *event)
{
	json_t *object = json_loadb(event->text, event->length, 0, NULL);

	if (object != NULL)
		from_log_add(context, object);
	json_decref(object);
	return 0;
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void warn(void *context, const char *text)
{
	(void)context;
	message_warning("%s", text);
}

/* 0, or -1 after a message. */
static int read_log(struct arena *arena, const struct new_role_words *words, struct from_log *from)
{
	struct log_query query = {.operation = "decision", .user = words->user};
	const struct log_hooks hooks = {.warn = warn};
	const char *complaint;
	struct log *log;
	int result;

	if (words->since != NULL) {
		query.since = log_parse_time(words->since, now(), false);
		if (query.since < 0) {
			message_error("--since takes 2026-11-29, 2026-11-29T08:00:00Z, or 90s, "
				      "30m, 8h, 7d ago, not %s",
				words->since);
			return -1;
		}
	}
	log = log_open(arena, words->log, false, &complaint);
	if (log != NULL)
		log_set_hooks(log, &hooks);
	result = log == NULL ? -1 : log_each(log, &query, take_event, from, &complaint);
	if (result < 0)
		message_error("%s", complaint);
	log_close(log);
	return result < 0 ? -1 : 0;
}

/* The role is written only if it does what it is for. 0, or -1 after messages. */
static int check_role(struct arena *arena, const struct options *options, const char *role,
	const char *text, const struct from_log *from)
{
	struct problems problems = {.arena = arena};
	struct config_change change = {.name = arena_printf(arena, "roles.d/%s.role", role),
		.bytes = text,
		.length = strlen(text)};
	struct policy *policy = config_load_changed(arena, options->config,
		CONFIG_TRUST_WARNS | CONFIG_MAIN_OPTIONAL | CONFIG_SCRIPTS_WARN, &change,
		&problems);
	const struct logged_call *missed;

	for (size_t i = 0; policy == NULL && i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR)
			message_error("the configuration would be refused: %s",
				problem_text(arena, &problems.items[i]));
	if (policy == NULL)
		return -1;
	missed = from_log_check(from, policy, role);
	if (missed == NULL)
		return 0;
	message_error("the role would not allow what was run: %s", missed->line);
	return -1;
}

/* "8h" says nothing any more once it stands in a file. */
static const char *since_text(struct arena *arena, const char *since)
{
	int64_t time;

	if (since == NULL || strchr(since, '-') != NULL)
		return since;
	time = log_parse_time(since, now(), false);
	return time < 0 ? since : event_time(arena, time);
}

int new_role_from_log(
	struct arena *arena, const struct options *options, const struct new_role_words *words)
{
	struct policy *policy = person_policy(arena, options);
	struct strings users = {0};
	struct from_log from = {.arena = arena, .policy = policy, .users = &users};
	struct from_log_head head = {.role = words->name,
		.whom = words->user != NULL ? words->user
					    : arena_printf(arena, "the group %s", words->group),
		.since = since_text(arena, words->since),
		.description = words->description};
	const char *text;

	if (policy == NULL)
		return ADMIN_WRONG;
	if (policy_role(policy, words->name) != NULL) {
		message_error("new-role: there is a role %s already", words->name);
		return ADMIN_WRONG;
	}
	if (words->user != NULL)
		strings_add(arena, &users, words->user);
	else
		users = person_members(arena, words->group);
	if (users.count == 0) {
		message_error("new-role: nobody is known to be in the group %s", words->group);
		return ADMIN_WRONG;
	}
	if (read_log(arena, words, &from) < 0)
		return ADMIN_WRONG;
	text = from_log_text(&from, &head);
	if (check_role(arena, options, words->name, text, &from) < 0)
		return ADMIN_WRONG;
	return new_role_write(arena, words, text);
}
