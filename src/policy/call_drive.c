/*
 * The drive's own command, which everybody with a role at the endpoint may use, and the files of it
 * that other commands take.
 */
#include <stdint.h>
#include <string.h>

#include "policy/call.h"

const struct drive *call_drive(const struct call *call)
{
	const struct decision_request *request = call->request;
	const struct drive *drive = request->endpoint == NULL ? NULL : request->endpoint->drive;

	if (drive == NULL || request->ungranted != NULL ||
		strcmp(request->words[0], DRIVE_COMMAND) != 0)
		return NULL;
	return drive;
}

static int refuse_word(struct call *call)
{
	call->refusal = (struct refusal){.reason = REASON_PARAMETER_NOT_ALLOWED,
		.word = 1,
		.detail = DRIVE_COMMAND " takes no arguments: it is started by sftp(1) and scp(1)"};
	return -1;
}

int call_check_drive(struct call *call, const struct drive *drive)
{
	/* Whoever acts as somebody else has some of that one's commands, and no drive by that. */
	if (!role_set_reaches(call->roles, DRIVE_COMMAND))
		return call_refuse(call, REASON_NOT_PERMITTED, 0, call_not_permitted(call));
	call->command = drive->command;
	call->name_words = 1;
	call->permission = (struct permission){.command = drive->command, .granted = true};
	call->sources = arena_alloc(call->arena, sizeof(*call->sources));
	call->sources[call->source_count++] =
		(struct decision_source){.role = "user_drive", .source = drive->source};
	if (call->request->count > 1)
		return refuse_word(call);
	call->stage = STAGE_COMPLETE;
	call->refusal.reason = REASON_PERMITTED;
	return 0;
}

static int refuse_file(struct call *call, const struct parameter *parameter,
	const struct argument_value *value, enum reason reason, const char *why)
{
	call->refusal = (struct refusal){.reason = reason,
		.word = value->word,
		.parameter = parameter,
		.detail = arena_printf(
			call->arena, "%s: %s", parameter_usage(call->arena, parameter), why)};
	return -1;
}

/* The value becomes the path of a descriptor, which is opened when all else has been decided. */
static int take_file(
	struct call *call, const struct parameter *parameter, struct argument_value *value)
{
	const struct endpoint *endpoint = call->request->endpoint;
	struct decision_file *file;

	if (endpoint != NULL && endpoint->drive == NULL)
		return refuse_file(call, parameter, value, REASON_INVALID_VALUE,
			"it is a file of your drive, and there is none at this endpoint");
	if (call->file_count == DRIVE_FILES_MAX)
		return refuse_file(call, parameter, value, REASON_LIMIT,
			"more files of your drive than one call takes");
	call->files = arena_grow(call->arena, call->files, call->file_count, sizeof(*call->files));
	file = &call->files[call->file_count];
	*file = (struct decision_file){.parameter = parameter->name,
		.name = value->text,
		.path = arena_printf(
			call->arena, "/dev/fd/%zu", DRIVE_FILES_FIRST + call->file_count)};
	call->file_count++;
	value->file = value->text;
	value->text = file->path;
	return 0;
}

int call_take_files(struct call *call)
{
	const struct parameters *parameters = &call->command->parameters;

	for (size_t i = 0; i < parameters->count; i++) {
		struct argument *argument = &call->arguments.items[i];

		if (parameters->items[i].type != PARAMETER_DRIVE_FILE)
			continue;
		for (size_t k = 0; k < argument->count; k++)
			if (take_file(call, &parameters->items[i], &argument->values[k]) < 0)
				return -1;
	}
	return 0;
}
