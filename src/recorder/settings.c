#include "recorder/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/amount.h"
#include "base/fd.h"
#include "base/text.h"
#include "config/schema.h"
#include "config/trust.h"

#define FILE_NAME "recorder.conf"

#define MEGABYTE (UINT64_C(1) << 20)
#define GIGABYTE (UINT64_C(1) << 30)
#define SIZE_MOST (UINT64_C(1) << 60)

enum { MINUTE = 60, DAY = 86400, YEARS = 100 * 366 };

static const struct settings defaults = {
	.account = "rolegate-recorder",
	.directory = ROLEGATE_LOG_DIR,
	.rotate_size = 64 * MEGABYTE,
	.rotate_age = 7 * DAY,
	.keep_size = 10 * GIGABYTE,
	.keep_age = (uint64_t)400 * DAY,
	.transcript_size = 16 * MEGABYTE,
	.transcript_keep_size = 20 * GIGABYTE,
	.transcript_keep_age = (uint64_t)90 * DAY,
	.sign_events = 64,
	.sign_interval = 10,
	.anchor_interval = MINUTE,
	.syslog = "/dev/log",
	.audit = true,
	.journal = "/run/systemd/journal/socket",
	.slice = 500,
};

struct amount_kind {
	const struct amount_unit *units;
	uint64_t least, most;
	const char *expected;
};

static const struct amount_kind file_size = {
	amount_sizes, 64 * 1024, SIZE_MOST, "a size such as \"64M\" (K, M, G or T), at least 64K"};
static const struct amount_kind kept_size = {
	amount_sizes, MEGABYTE, SIZE_MOST, "a size such as \"10G\" (K, M, G or T), at least 1M"};
static const struct amount_kind stream_size = {
	amount_sizes, 1024, SIZE_MOST, "a size such as \"16M\" (K, M, G or T), at least 1K"};
static const struct amount_kind age = {amount_times, MINUTE, (uint64_t)YEARS *DAY,
	"a time such as \"7d\" (s, m, h or d), at least 1m"};
static const struct amount_kind interval = {
	amount_times, 1, DAY, "a time such as \"10s\" (s, m, h or d), at most 1d"};

static void read_amount(struct reader *reader, const config_setting_t *setting, void *field,
	const struct amount_kind *kind)
{
	int type = config_setting_type(setting);
	long long number = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64
				   ? config_setting_get_int64(setting)
				   : -1;
	const char *text = arena_printf(reader->loader->scratch, "%lld", number);
	uint64_t value = (uint64_t)number;
	bool good = number >= 0;

	if (type == CONFIG_TYPE_STRING) {
		text = reader_string(reader, setting, NULL);
		if (text == NULL)
			return;
		good = amount_parse(text, kind->units, kind->most, &value);
		text = arena_printf(reader->loader->scratch, "\"%s\"", text);
	} else if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
		reader_wrong_type(reader, setting, kind->expected);
		return;
	}
	if (good && value >= kind->least && value <= kind->most)
		*(uint64_t *)field = value;
	else
		reader_error(reader, setting, "%s = %s is refused; expected %s", setting->name,
			text, kind->expected);
}

static void read_file_size(struct reader *reader, const config_setting_t *setting, void *field)
{
	read_amount(reader, setting, field, &file_size);
}

static void read_kept_size(struct reader *reader, const config_setting_t *setting, void *field)
{
	read_amount(reader, setting, field, &kept_size);
}

static void read_stream_size(struct reader *reader, const config_setting_t *setting, void *field)
{
	read_amount(reader, setting, field, &stream_size);
}

static void read_age(struct reader *reader, const config_setting_t *setting, void *field)
{
	read_amount(reader, setting, field, &age);
}

static void read_interval(struct reader *reader, const config_setting_t *setting, void *field)
{
	read_amount(reader, setting, field, &interval);
}

static const char *check_path(const char *text)
{
	return text_is_canonical_path(text) && strcmp(text, "/") != 0
		       ? NULL
		       : "an absolute path, without \".\" and \"..\"";
}

static const char *check_account(const char *text)
{
	return text_is_account(text) ? NULL : "the name of an account";
}

static void read_sync(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"batch", "always", NULL};

	*(bool *)field = reader_choice(reader, setting, names) == 1;
}

static bool is_word(const config_setting_t *setting, const char *word)
{
	const char *text = config_setting_get_string(setting);

	return text != NULL && strcmp(text, word) == 0;
}

static void read_forward(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const char *const names[] = {"none", "journal", NULL};
	static const struct schema_key keys[] = {
		{"syslog", SHAPE_STRING, .required = true,
			.offset = offsetof(struct settings, syslog), .check = check_path},
		{0},
	};
	struct settings *settings = field;

	if (config_setting_is_group(setting)) {
		settings->forward = FORWARD_SYSLOG;
		schema_read(reader, NULL, setting, keys, settings, NULL);
	} else if (is_word(setting, "syslog")) {
		reader_error(reader, setting,
			"forward = \"syslog\" does not say where to; expected { syslog = "
			"\"/dev/log\"; }");
	} else if (config_setting_type(setting) == CONFIG_TYPE_STRING) {
		settings->forward =
			reader_choice(reader, setting, names) == 1 ? FORWARD_JOURNAL : FORWARD_NONE;
	} else {
		reader_wrong_type(
			reader, setting, "\"none\", \"journal\" or { syslog = \"/dev/log\"; }");
	}
}

#define AT(member) .offset = offsetof(struct settings, member)

static void read_transcripts(struct reader *reader, const config_setting_t *setting, void *field)
{
	static const struct schema_key keys[] = {
		{"maximum_size", SHAPE_ANY, AT(transcript_size), .handler = read_stream_size},
		{"keep_size", SHAPE_ANY, AT(transcript_keep_size), .handler = read_kept_size},
		{"keep_age", SHAPE_ANY, AT(transcript_keep_age), .handler = read_age},
		{0},
	};

	schema_read(reader, NULL, setting, keys, field, NULL);
}

static const struct schema_key keys[] = {
	{"account", SHAPE_STRING, AT(account), .check = check_account},
	{"directory", SHAPE_STRING, AT(directory), .check = check_path},
	{"rotate_size", SHAPE_ANY, AT(rotate_size), .handler = read_file_size},
	{"rotate_age", SHAPE_ANY, AT(rotate_age), .handler = read_age},
	{"keep_size", SHAPE_ANY, AT(keep_size), .handler = read_kept_size},
	{"keep_age", SHAPE_ANY, AT(keep_age), .handler = read_age},
	{"transcripts", SHAPE_GROUP, .handler = read_transcripts},
	{"signing_key", SHAPE_STRING, AT(signing_key), .check = check_path},
	{"sign_events", SHAPE_NUMBER, AT(sign_events), .minimum = 1, .maximum = 1000000},
	{"sign_interval", SHAPE_ANY, AT(sign_interval), .handler = read_interval},
	{"anchor_interval", SHAPE_ANY, AT(anchor_interval), .handler = read_interval},
	{"sync", SHAPE_STRING, AT(sync_always), .handler = read_sync},
	{"forward", SHAPE_ANY, .handler = read_forward},
	{0},
};

int settings_parse(struct arena *arena, const char *bytes, size_t length, struct settings *settings,
	struct problems *problems)
{
	struct loader loader = {.arena = arena, .scratch = arena, .problems = problems};
	struct reader reader = {.loader = &loader, .file = FILE_NAME};
	struct document document;

	*settings = defaults;
	loader.policy = arena_alloc(arena, sizeof(*loader.policy));
	if (document_parse(&document, problems, FILE_NAME, bytes, length)) {
		reader.document = &document;
		schema_read(
			&reader, NULL, config_root_setting(&document.tree), keys, settings, NULL);
	}
	document_destroy(&document);
	return problems->errors == 0 ? 0 : -1;
}

static int open_file(
	struct arena *arena, const char *path, unsigned flags, struct problems *problems)
{
	const struct source source = {FILE_NAME, 0};
	const char *complaint;
	int fd = trust_open(arena, path, O_RDONLY, &complaint);

	if (fd < 0 && errno == EPERM && (flags & CONFIG_TRUST_WARNS) != 0) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		/* That of a directory above it is told of already. */
		if (fd >= 0 && strncmp(complaint, path, strlen(path)) == 0)
			problem_add(problems, PROBLEM_WARNING, source, "%s", complaint);
	}
	if (fd < 0 && errno != ENOENT) {
		problem_add(problems, PROBLEM_ERROR, source, "%s", complaint);
		errno = EPERM;
	}
	return fd;
}

/* As the other files' is, which is where the trust in it is looked at from. */
static const char *path_in(struct arena *arena, const char *directory)
{
	char *here = directory[0] == '/' ? NULL : getcwd(NULL, 0);
	const char *path = arena_printf(arena, "%s%s%s/" FILE_NAME, here == NULL ? "" : here,
		here == NULL ? "" : "/", directory);

	free(here);
	return path;
}

int settings_load(struct arena *arena, const char *directory, unsigned flags,
	struct settings *settings, struct problems *problems)
{
	const char *path = path_in(arena, directory);
	_cleanup_fd_ int fd = open_file(arena, path, flags, problems);
	const struct source source = {FILE_NAME, 0};
	size_t length = 0;
	char *bytes;

	if (fd < 0)
		return errno == ENOENT ? settings_parse(arena, "", 0, settings, problems) : -1;
	bytes = fd_read_all(arena, fd, DOCUMENT_SIZE_MAX, &length);
	if (bytes != NULL)
		return settings_parse(arena, bytes, length, settings, problems);
	problem_add(problems, PROBLEM_ERROR, source, "%s", strerror(errno));
	return -1;
}
