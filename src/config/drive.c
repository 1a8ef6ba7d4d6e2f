#include "config/drive.h"

#include "base/amount.h"
#include "config/check.h"

#define SIZE_DEFAULT (UINT64_C(50) * 1024 * 1024) /* as JEA's UserDriveMaximumSize */
#define SIZE_LEAST UINT64_C(4096)

enum {
	FILES_DEFAULT = 1000,
	COPIES_DEFAULT = 4, /* times as much as a drive holds */
	FILES_MAX = 100000,	 /* each look at the quota reads all names */
	KEEP_MAX = 3650 * 86400, /* seconds */
};

/*
 * The server's own checks are a second wall; the first one is its view, and what the kernel refuses
 * it. "-l QUIET": it can't reach a log anyway.
 */
static const char *const arguments[] = {"-l", "QUIET", "-u", "077", "-P",
	"readlink,symlink,hardlink,mkdir,rmdir,statvfs,fstatvfs,copy-data,users-groups-by-id"};

static void read_size(struct reader *reader, const config_setting_t *setting, void *field)
{
	int type = config_setting_type(setting);
	bool is_number = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
	long long number = is_number ? config_setting_get_int64(setting) : 0;
	const char *text = is_number ? NULL : reader_string(reader, setting, NULL);
	uint64_t size = number < 0 ? 0 : (uint64_t)number;

	if (!is_number && text == NULL)
		return;
	if ((text != NULL && !check_size(text, &size)) || size < SIZE_LEAST ||
		size > CHECK_SIZE_MAXIMUM)
		reader_error(reader, setting,
			"%s is refused; expected a size such as \"50M\" (K, M, G or T), at "
			"least 4K",
			config_setting_name(setting));
	else
		*(uint64_t *)field = size;
}

static const struct amount_unit keep_units[] = {
	{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', UINT64_C(7) * 86400}, {'\0', 0}};

static void read_keep(struct reader *reader, const config_setting_t *setting, void *field)
{
	const char *text = reader_string(reader, setting, NULL);
	uint64_t seconds = 0;

	if (text == NULL)
		return;
	if (!amount_parse(text, keep_units, KEEP_MAX, &seconds) || seconds == 0)
		reader_error(reader, setting,
			"keep = \"%s\" is refused; expected a time such as \"30d\" (s, m, h, d or "
			"w), at most ten years",
			text);
	else
		*(unsigned *)field = (unsigned)seconds;
}

#define FIELD(member) .offset = offsetof(struct drive, member)

static const struct schema_key drive_keys[] = {
	{"maximum_size", SHAPE_ANY, FIELD(maximum_size), .handler = read_size},
	{"maximum_files", SHAPE_NUMBER, FIELD(maximum_files), .minimum = 1, .maximum = FILES_MAX},
	{"maximum_copies", SHAPE_ANY, FIELD(maximum_copies), .handler = read_size},
	{"keep", SHAPE_STRING, FIELD(keep), .handler = read_keep},
	{"read_only", SHAPE_BOOLEAN, FIELD(read_only)},
	{"run_as", SHAPE_STRING, FIELD(run_as), .check = check_run_as},
	{"program", SHAPE_STRING, FIELD(program), .check = check_path},
	{0},
};

static struct command *make_command(struct arena *arena, const struct drive *drive)
{
	struct command *command = arena_alloc(arena, sizeof(*command));

	*command = (struct command){.name = DRIVE_COMMAND,
		.word_count = 1,
		.description = "Your drive, for sftp(1) and scp(1)",
		.program = drive->program,
		.run_as = drive->run_as,
		.profile_name = DRIVE_PROFILE,
		.command_class = drive->read_only ? CLASS_READ_ONLY : CLASS_WRITE_CAPABLE,
		.enabled = true,
		.directory = DRIVE_PLACE,
		.grants = arena_alloc(arena, sizeof(*command->grants)),
		.source = drive->source};
	if (drive->read_only)
		strings_add(arena, &command->arguments, "-R");
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++)
		strings_add(arena, &command->arguments, arguments[i]);
	return command;
}

void build_drive(struct reader *reader, const config_setting_t *group, void *field)
{
	struct drive *drive = arena_alloc(reader->loader->arena, sizeof(*drive));

	*drive = (struct drive){.program = "/usr/lib/openssh/sftp-server",
		.maximum_size = SIZE_DEFAULT,
		.maximum_files = FILES_DEFAULT,
		.run_as = "caller",
		.source = reader_source(reader, group)};
	schema_read(reader, NULL, group, drive_keys, drive, NULL);
	if (drive->maximum_copies == 0)
		drive->maximum_copies = drive->maximum_size * COPIES_DEFAULT;
	drive->command = make_command(reader->loader->arena, drive);
	*(const struct drive **)field = drive;
}

static void check_name_is_free(struct loader *loader, const struct endpoint *endpoint)
{
	const struct policy *policy = loader->policy;
	const struct command *command = table_get(&policy->command_by_name, DRIVE_COMMAND);
	const struct alias *alias = table_get(&policy->alias_by_name, DRIVE_COMMAND);
	const struct source *taken = command != NULL ? &command->source
				     : alias != NULL ? &alias->source
						     : NULL;

	if (taken != NULL)
		problem_add(loader->problems, PROBLEM_ERROR, endpoint->drive->source,
			"endpoint \"%s\": user_drive needs the name \"" DRIVE_COMMAND
			"\", which %s:%u defines; expected another name there",
			endpoint->name, taken->file, taken->line);
}

static const struct parameter *takes_file(const struct command *command)
{
	for (size_t i = 0; i < command->parameters.count; i++)
		if (command->parameters.items[i].type == PARAMETER_DRIVE_FILE)
			return &command->parameters.items[i];
	return NULL;
}

static void warn_of_grants(
	struct loader *loader, const struct endpoint *endpoint, const struct role *role)
{
	for (size_t i = 0; i < role->grants.count; i++) {
		const struct command *command = role->grants.items[i]->command;
		const struct parameter *parameter = takes_file(command);

		if (parameter != NULL)
			problem_add(loader->problems, PROBLEM_WARNING, endpoint->source,
				"endpoint \"%s\" has no user_drive, and %s \"%s\" of role \"%s\" "
				"takes a file of one (\"%s\"): such a call is refused here",
				endpoint->name, command_kind(command), command->name, role->name,
				parameter->name);
	}
}

static void check_repeat(struct loader *loader, const struct command *command)
{
	size_t most = 0;

	for (size_t i = 0; i < command->parameters.count; i++)
		if (command->parameters.items[i].type == PARAMETER_DRIVE_FILE)
			most += command->parameters.items[i].repeat;
	if (most > DRIVE_FILES_MAX)
		problem_add(loader->problems, PROBLEM_ERROR, command->source,
			"%s \"%s\" takes up to %zu files of a drive; expected at most %d (see "
			"repeat)",
			command_kind(command), command->name, most, DRIVE_FILES_MAX);
}

void drive_check(struct loader *loader)
{
	const struct policy *policy = loader->policy;

	for (size_t i = 0; i < policy->command_count; i++)
		check_repeat(loader, policy->commands[i]);
	for (size_t i = 0; i < policy->endpoint_count; i++) {
		const struct endpoint *endpoint = &policy->endpoints[i];

		if (endpoint->drive != NULL)
			check_name_is_free(loader, endpoint);
		for (size_t k = 0; endpoint->drive == NULL && k < endpoint->definition_count; k++)
			for (size_t m = 0; m < endpoint->definitions[k].role_count; m++)
				warn_of_grants(loader, endpoint, endpoint->definitions[k].roles[m]);
	}
}
