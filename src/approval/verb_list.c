/* One line for each entry, and the entry as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "answer/json_out.h"
#include "approval/verb_parts.h"
#include "base/text.h"

enum { WORDS_SHOWN = 60 /* bytes in a list */ };

void verb_add(struct output *output, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	output_text(output, arena_vprintf(output->arena, format, arguments));
	va_end(arguments);
}

const char *verb_escape(struct arena *arena, const char *text)
{
	return text == NULL ? "" : text_escape(arena, text, strlen(text));
}

const char *verb_time(struct arena *arena, time_t when)
{
	char text[64] = "?";
	struct tm parts;

	if (gmtime_r(&when, &parts) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &parts);
	return arena_strdup(arena, text);
}

const char *verb_lasts(struct arena *arena, time_t seconds)
{
	static const struct {
		time_t seconds;
		char unit;
	} units[] = {{24 * 3600, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	size_t i = 0;

	while (seconds % units[i].seconds != 0)
		i++;
	return arena_printf(arena, "%jd%c", (intmax_t)(seconds / units[i].seconds), units[i].unit);
}

/* The words of a command, shortened between characters. */
static const char *what(struct arena *arena, const struct approval_entry *entry)
{
	const char *text =
		verb_escape(arena, entry->kind == APPROVAL_FUNCTION ? entry->name : entry->words);
	size_t length = WORDS_SHOWN;

	if (strlen(text) <= WORDS_SHOWN + 3)
		return text;
	while ((text[length] & 0xc0) == 0x80)
		length--;
	return arena_printf(arena, "%.*s...", (int)length, text);
}

static const char *votes(struct arena *arena, const struct approval_entry *entry)
{
	if (entry->state != APPROVAL_PENDING || entry->votes.count == 0)
		return "";
	return arena_printf(arena, ", agreed: %s",
		verb_escape(arena, strings_join(arena, &entry->votes, ", ")));
}

void verb_list_text(struct output *output, const struct approval_entry *entries, size_t count,
	const char *state)
{
	struct arena *arena = output->arena;

	for (size_t i = 0; i < count; i++)
		verb_add(output, "%5lu  %-8s  %s  %-12s %-12s %-8s %s%s%s\n", entries[i].number,
			approval_state_name(entries[i].state), verb_time(arena, entries[i].created),
			verb_escape(arena, entries[i].endpoint),
			verb_escape(arena, entries[i].user),
			entries[i].kind == APPROVAL_FUNCTION ? "function" : "command",
			what(arena, &entries[i]),
			entries[i].tries > 1
				? arena_printf(arena, "  (%lu times)", entries[i].tries)
				: "",
			votes(arena, &entries[i]));
	if (count == 0)
		verb_add(output, "nothing is %s\n", state);
}

static void json_time(struct output *output, const char *key, time_t when)
{
	if (when > 0)
		json_out_number(output, key, when);
}

static void json_uid(struct output *output, const char *key, uid_t uid)
{
	if (uid != (uid_t)-1)
		json_out_number(output, key, uid);
}

static void json_subject(struct output *output, const struct approval_entry *entry, bool whole)
{
	bool function = entry->kind == APPROVAL_FUNCTION;

	json_out_string(output, "kind", function ? "function" : "command");
	json_out_string(output, "endpoint", entry->endpoint);
	if (entry->name[0] != '\0' && (whole || function))
		json_out_string(output, "name", entry->name);
	if (function && whole) {
		json_out_string(
			output, "digest", arena_printf(output->arena, "sha256:%s", entry->digest));
		json_out_string(output, "interpreter", entry->interpreter);
	}
	if (!function)
		json_out_strings(output, "words", &entry->argv);
	if (whole) {
		json_out_string(output, "run_as", entry->run_as);
		json_out_string(output, "profile", entry->profile);
	}
	if (entry->act_as[0] != '\0')
		json_out_string(output, "act_as", entry->act_as);
	json_out_string(output, "refused_as", entry->reason);
}

void verb_entry_json(struct output *output, const struct approval_entry *entry, bool whole)
{
	json_out_number(output, "number", (int64_t)entry->number);
	json_out_string(output, "state", approval_state_name(entry->state));
	json_subject(output, entry, whole);
	json_out_string(output, "user", entry->user);
	json_uid(output, "uid", entry->uid);
	json_uid(output, "login_uid", entry->login_uid);
	json_out_number(output, "tries", (int64_t)entry->tries);
	json_out_number(output, "approvers", entry->decided_by.approvers);
	json_out_strings(output, "approver_groups", &entry->decided_by.groups);
	json_out_bool(output, "self_approval", entry->decided_by.self_approval);
	json_out_strings(output, "votes", &entry->votes);
	json_time(output, "created", entry->created);
	json_time(output, "approved", entry->approved);
	json_time(output, "decided", entry->decided);
	json_time(output, "expires", entry->expires);
	json_out_bool(output, "once", entry->once);
	json_out_bool(output, "as_caller_only", entry->as_caller_only);
	json_out_string(output, "role", entry->role);
	json_out_string(output, "decided_by", entry->decided_who);
	json_out_string(output, "decision", entry->decision);
	if (whole) /* whoever guesses what it is made of could compare */
		json_out_string(output, "key", entry->key);
}

void verb_list_json(struct output *output, const struct approval_person *person,
	const struct approval_entry *entries, size_t count)
{
	json_out_open(output, NULL, '{');
	json_out_open(output, "entries", '[');
	for (size_t i = 0; i < count; i++) {
		json_out_open(output, NULL, '{');
		verb_entry_json(output, &entries[i], verb_decides(person, &entries[i]));
		json_out_close(output, '}');
	}
	json_out_close(output, ']');
	json_out_close(output, '}');
	output_text(output, "\n");
}
