/* Read strictly: it is signed, but by whom is known only after the signature was found to hold. */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "bundle/manifest.h"

struct parse {
	struct arena *arena;
	const char *next; /* NUL after the last byte */
	unsigned line;
	const char *complaint;
};

static int fail(struct parse *parse, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int fail(struct parse *parse, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	parse->complaint = arena_printf(parse->arena, MANIFEST_FILE ":%u: %s", parse->line,
		arena_vprintf(parse->arena, format, arguments));
	va_end(arguments);
	return -1;
}

/* The next line without its end. NULL after a complaint. */
static const char *take_line(struct parse *parse, const char *expected)
{
	const char *line = parse->next, *end = strchr(line, '\n');

	parse->line++;
	if (end == NULL) {
		(void)fail(parse,
			*line == '\0' ? "it ends here; expected %s"
				      : "the line has no end, it is cut off; expected %s",
			expected);
		return NULL;
	}
	if (end > line && end[-1] == '\r') {
		(void)fail(parse, "the line ends in CR LF; expected LF alone");
		return NULL;
	}
	parse->next = end + 1;
	return arena_strndup(parse->arena, line, (size_t)(end - line));
}

static const char *show(struct parse *parse, const char *text)
{
	size_t length = strnlen(text, 80);

	return text_escape(parse->arena, text, length);
}

static int take_version(struct parse *parse)
{
	const char *line = take_line(parse, "\"rolegate-bundle 1\"");

	if (line == NULL)
		return -1;
	if (strcmp(line, "rolegate-bundle 1") == 0)
		return 0;
	if (strncmp(line, "rolegate-bundle ", 16) == 0)
		return fail(
			parse, "version \"%s\" is not known; expected 1", show(parse, line + 16));
	return fail(parse, "\"%s\" is no manifest's beginning; expected \"rolegate-bundle 1\"",
		show(parse, line));
}

/* The rest of a line "KEY REST". */
static const char *take_field(struct parse *parse, const char *key)
{
	const char *line = take_line(parse, arena_printf(parse->arena, "\"%s …\"", key));
	size_t length = strlen(key);

	if (line == NULL)
		return NULL;
	if (strncmp(line, key, length) == 0 && line[length] == ' ')
		return line + length + 1;
	(void)fail(parse, "\"%s\" is in the place of \"%s\"; expected \"%s …\"", show(parse, line),
		key, key);
	return NULL;
}

/* Decimal, no sign, no leading zero. */
static int take_number(struct parse *parse, const char *key, uint64_t most, uint64_t *number)
{
	const char *text = take_field(parse, key);
	size_t digits;
	uint64_t value = 0;

	if (text == NULL)
		return -1;
	digits = strspn(text, "0123456789");
	for (size_t i = 0; i < digits && digits <= 18; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	if (digits == 0 || digits > 18 || text[digits] != '\0' || text[0] == '0' || value > most)
		return fail(parse, "%s \"%s\" is out of range; expected a whole number, 1 to %llu",
			key, show(parse, text), (unsigned long long)most);
	*number = value;
	return 0;
}

static int take_name(struct parse *parse, const char **name)
{
	const char *complaint;

	*name = take_field(parse, "name");
	if (*name == NULL)
		return -1;
	complaint = manifest_name_refused(*name);
	return complaint == NULL ? 0 : fail(parse, "\"%s\" %s", show(parse, *name), complaint);
}

/* "0644" and two spaces. */
static int take_mode(const char *text, mode_t *mode)
{
	*mode = 0;
	for (size_t i = 0; i < 4; i++) {
		if (text[i] < '0' || text[i] > '7')
			return -1;
		*mode = *mode * 8 + (mode_t)(text[i] - '0');
	}
	return strncmp(text + 4, "  ", 2) == 0 ? 0 : -1;
}

static int take_file(struct parse *parse, struct manifest *manifest)
{
	struct manifest_file *file = &manifest->files[manifest->count];
	const char *line = take_line(parse, "\"SHA-256  mode  path\""), *complaint;

	if (line == NULL)
		return -1;
	if (strspn(line, "0123456789abcdef") != 64 || strncmp(line + 64, "  ", 2) != 0 ||
		take_mode(line + 66, &file->mode) != 0)
		return fail(parse, "\"%s\" is no file; expected \"SHA-256  mode  path\"",
			show(parse, line));
	memcpy(file->digest, line, 64);
	file->path = line + 72;
	complaint = manifest_path_refused(file->path);
	if (complaint != NULL)
		return fail(parse, "\"%s\" %s", show(parse, file->path), complaint);
	if (!manifest_mode_allowed(file->mode))
		return fail(parse, "%s: mode %04o; expected 0600, 0644, 0700 or 0755",
			show(parse, file->path), file->mode);
	if (manifest->count > 0) {
		int order = strcmp(file->path, file[-1].path);

		if (order == 0)
			return fail(parse, "%s is listed twice", show(parse, file->path));
		if (order < 0)
			return fail(parse, "%s is out of order; expected paths sorted by bytes",
				show(parse, file->path));
	}
	manifest->count++;
	return 0;
}

static int take_files(struct parse *parse, struct manifest *manifest)
{
	uint64_t count = 0;

	if (take_number(parse, "files", MANIFEST_FILES_MAX, &count) != 0)
		return -1;
	manifest->files = arena_array(parse->arena, (size_t)count, sizeof(manifest->files[0]));
	for (uint64_t i = 0; i < count; i++)
		if (take_file(parse, manifest) != 0)
			return -1;
	parse->line++;
	return *parse->next == '\0'
		       ? 0
		       : fail(parse, "there is more than the %zu files that it announces",
				 manifest->count);
}

int manifest_parse(struct arena *arena, const char *bytes, size_t length, struct manifest *manifest,
	const char **complaint)
{
	struct parse parse = {.arena = arena};
	int result = -1;

	*manifest = (struct manifest){0};
	*complaint = MANIFEST_FILE " is larger than 4 MiB";
	if (length > MANIFEST_SIZE_MAX)
		return -1;
	parse.next = arena_strndup(arena, bytes, length);
	if (strlen(parse.next) != length) {
		*complaint = MANIFEST_FILE " has a NUL byte in it; expected text";
		return -1;
	}
	if (take_version(&parse) == 0 && take_name(&parse, &manifest->name) == 0 &&
		take_number(&parse, "serial", 999999999999999999, &manifest->serial) == 0 &&
		take_files(&parse, manifest) == 0)
		result = 0;
	*complaint = parse.complaint;
	return result;
}
