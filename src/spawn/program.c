#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "confine/filter.h"
#include "config/trust.h"
#include "policy/function.h"
#include "config/interpreter.h"
#include "spawn/spawn.h"

/* NULL, or what is wrong with it as something to execute. */
static const char *complain_of_file(struct arena *arena, int fd, const char *path)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return arena_printf(arena, "%s: %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return arena_printf(arena, "%s is not a regular file", path);
	if ((status.st_mode & 0111) == 0)
		return arena_printf(arena, "%s is not executable", path);
	return NULL;
}

static bool starts_with(const char *bytes, ssize_t length, const char *magic)
{
	size_t wanted = strlen(magic);

	return length >= (ssize_t)wanted && memcmp(bytes, magic, wanted) == 0;
}

/* It is a program, and the machine's own; then program->image is open. */
static const char *open_image(struct arena *arena, const char *path,
	const struct interpreter_line *line, struct spawn_program *program)
{
	const char *complaint = NULL;
	char magic[INTERPRETER_LINE_MAX + 1];
	ssize_t got;

	program->image = interpreter_open(arena, line->path, &complaint);
	if (program->image >= 0)
		complaint = complain_of_file(arena, program->image, line->path);
	if (complaint != NULL)
		return arena_printf(arena, "the interpreter of %s: %s", path, complaint);
	got = pread(program->image, magic, sizeof(magic), 0);
	if (starts_with(magic, got, "#!"))
		return arena_printf(
			arena, "the interpreter of %s, %s, is a script itself", path, line->path);
	if (!starts_with(magic, got, "\177ELF"))
		return arena_printf(
			arena, "the interpreter of %s, %s, is no program", path, line->path);
	program->foreign = !filter_lets_run(magic, (size_t)got);
	program->interpreter = line->path;
	program->argument = line->argument;
	return NULL;
}

static const char *open_interpreter(struct arena *arena, const char *path, const char *start,
	size_t length, struct spawn_program *program)
{
	struct interpreter_line line;
	const char *complaint = interpreter_parse(arena, start, length, &line);

	if (complaint != NULL)
		return arena_printf(arena, "%s is a script, but %s", path, complaint);
	return open_image(arena, path, &line, program);
}

/* By its first bytes. What the kernel can't start, or would ask a helper of its own for, is
 * refused. */
static const char *look_into(struct arena *arena, const char *path, struct spawn_program *program)
{
	char start[INTERPRETER_LINE_MAX + 1];
	ssize_t length = pread(program->image, start, sizeof(start), 0);

	if (length < 0)
		return arena_printf(arena, "%s: %s", path, strerror(errno));
	if (starts_with(start, length, "\177ELF")) {
		program->foreign = !filter_lets_run(start, (size_t)length);
		return NULL;
	}
	if (!starts_with(start, length, "#!"))
		return arena_printf(arena,
			"%s is neither a program nor a script with an interpreter line (#!)", path);
	program->script = fd_take(&program->image);
	return open_interpreter(arena, path, start, (size_t)length, program);
}

int spawn_open_program(struct arena *arena, const char *path, struct spawn_program *program,
	const char **complaint)
{
	*program = (struct spawn_program){.image = -1, .script = -1};
	if (!text_is_canonical_path(path)) {
		*complaint = "the program's path is not an absolute one without dots";
		errno = EINVAL;
		return -1;
	}
	/* O_NONBLOCK: a fifo in its place is refused, and not waited for. */
	program->image =
		trust_open(arena, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, complaint);
	if (program->image < 0)
		return -1;
	errno = 0;
	*complaint = complain_of_file(arena, program->image, path);
	if (*complaint == NULL)
		*complaint = look_into(arena, path, program);
	if (*complaint == NULL)
		return 0;
	errno = errno == EPERM ? EPERM : EACCES; /* EPERM: an interpreter that is not trusted */
	spawn_close_program(program);
	return -1;
}

int spawn_open_script(struct arena *arena, const struct script_content *content,
	const char *interpreter, struct spawn_program *program, const char **complaint)
{
	struct interpreter_line line = {.path = interpreter};

	*program = (struct spawn_program){.image = -1, .script = -1};
	errno = 0;
	if (interpreter != NULL)
		*complaint = open_image(arena, "the script", &line, program);
	else if (!starts_with(content->bytes, (ssize_t)content->length, "#!"))
		*complaint = "the script has no interpreter line (#!)";
	else
		*complaint = open_interpreter(
			arena, "the script", content->bytes, content->length, program);
	if (*complaint == NULL)
		program->script = fd_sealed("script", content->bytes, content->length);
	if (*complaint == NULL && program->script < 0)
		*complaint = arena_printf(arena, "the script can't be copied: %s", strerror(errno));
	if (*complaint == NULL)
		return 0;
	errno = errno == EPERM ? EPERM : EACCES;
	spawn_close_program(program);
	return -1;
}

int spawn_hide_program(struct arena *arena, struct spawn_program *program)
{
	enum { PROGRAM_MOST = 64 * 1024 * 1024 };
	size_t length;
	const char *bytes = lseek(program->image, 0, SEEK_SET) < 0
				    ? NULL
				    : fd_read_all(arena, program->image, PROGRAM_MOST, &length);
	int copy = bytes == NULL ? -1 : fd_sealed_program("program", bytes, length);

	if (copy < 0)
		return -1;
	fd_close(&program->image);
	program->image = copy;
	return 0;
}

void spawn_close_program(struct spawn_program *program)
{
	fd_close(&program->image);
	fd_close(&program->script);
}

char *const *spawn_arguments(
	struct arena *arena, const struct spawn_program *program, const struct strings *argv)
{
	struct strings all = {.count = 0};

	if (program->script < 0)
		return strings_vector(arena, argv);
	strings_add(arena, &all, program->interpreter);
	if (program->argument != NULL)
		strings_add(arena, &all, program->argument);
	strings_add(arena, &all, SPAWN_SCRIPT_PATH);
	for (size_t i = 1; i < argv->count; i++)
		strings_add(arena, &all, argv->items[i]);
	return strings_vector(arena, &all);
}
