/*
 * The bytes of a script from its file to the process that reads them: hashed once, looked at again
 * when they change, and never others than were decided on. Needs root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "config/digest.h"
#include "config/scripts.h"
#include "config/signature.h"
#include "config/trust_files.h"
#include "policy/decide.h"
#include "spawn/spawn.h"

/* A process with AddressSanitizer takes long to fork. */
#ifdef __SANITIZE_ADDRESS__
enum { RUNS = 500 };
#else
enum { RUNS = 10000 };
#endif
enum { PATH_SIZE = 256, RUNS_PINNED = RUNS / 5 };

struct scene {
	struct arena *arena;
	char base[PATH_SIZE];
	struct problems problems;
	struct policy *policy;
};

static char *under(struct scene *scene, const char *name)
{
	return arena_printf(scene->arena, "%s/%s", scene->base, name);
}

static void put_bytes(const char *path, const void *bytes, size_t length)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, bytes, length), 0);
}

static void put(struct scene *scene, const char *name, const char *text)
{
	put_bytes(under(scene, name), text, strlen(text));
}

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->arena = arena_new();
	*state = scene;
	umask(022);
	snprintf(scene->base, sizeof(scene->base), "/run/rolegate-content-XXXXXX");
	if (geteuid() != 0 || mkdtemp(scene->base) == NULL) {
		scene->base[0] = '\0';
		return 0;
	}
	assert_int_equal(chmod(scene->base, 0755), 0);
	assert_int_equal(mkdir(under(scene, "functions.d"), 0755), 0);
	assert_int_equal(mkdir(under(scene, "roles.d"), 0755), 0);
	assert_int_equal(mkdir(under(scene, "trusted.d"), 0755), 0);
	put(scene, "roles.d/r.role", "visible_functions = [ \"f\" ];\n");
	put(scene, "functions.d/f.conf",
		arena_printf(scene->arena,
			"functions = ( { name = \"f\"; file = \"%s/script\"; } );\n", scene->base));
	put(scene, "rolegate.conf", "endpoints = ( { name = \"e\"; run_as = \"nobody\"; } );\n");
	put(scene, "script", "#!/bin/sh\necho A\n");
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	if (scene->base[0] != '\0') {
		char *command = arena_printf(scene->arena, "rm -rf '%s'", scene->base);

		assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	}
	arena_free(scene->arena);
	free(scene);
	return 0;
}

static struct scene *need_root(void **state)
{
	struct scene *scene = *state;

	if (scene->base[0] == '\0')
		skip();
	return scene;
}

static void load(struct scene *scene)
{
	scene->problems = (struct problems){.arena = scene->arena};
	scene->policy = config_load(scene->arena, scene->base, 0, &scene->problems);
	if (scene->policy == NULL)
		fail_msg("%s", problem_text(scene->arena, &scene->problems.items[0]));
}

static const struct function *function_of(const struct scene *scene)
{
	const struct command *command = table_get(&scene->policy->command_by_name, "f");

	return command->function;
}

/* One entry for the script; what it says of the content is `says`. */
static void trust(struct scene *scene, const char *says)
{
	put(scene, "trusted.d/t.conf",
		arena_printf(scene->arena,
			"trusted = ( { id = \"00000001-0000-4000-8000-000000000000\"; path = "
			"\"%s/script\"; level = \"trusted\"; %s } );\n",
			scene->base, says));
	load(scene);
}

/* The file's time moves on, whatever the kernel's clock ticks. */
static void wait_for_tick(void)
{
	const struct timespec tick = {.tv_nsec = 20 * 1000 * 1000};

	nanosleep(&tick, NULL);
}

static const struct script_content *refresh(struct scene *scene, const char *expected)
{
	const struct script_content *content = NULL;
	const char *complaint = NULL;
	int result = script_refresh(scene->arena, function_of(scene), &content, &complaint);

	if (expected == NULL && result != 0)
		fail_msg("%s", complaint);
	if (expected != NULL) {
		assert_int_equal(result, -1);
		if (strstr(complaint, expected) == NULL)
			fail_msg("expected \"%s\": %s", expected, complaint);
	}
	return content;
}

static void what_is_unchanged_is_not_hashed_again(void **state)
{
	struct scene *scene = need_root(state);
	unsigned long before = script_hash_count();
	const struct script_content *content;

	load(scene);
	assert_int_equal(script_hash_count(), before + 1);
	for (int i = 0; i < 100; i++)
		assert_ptr_equal(refresh(scene, NULL), &function_of(scene)->script.content);
	assert_int_equal(script_hash_count(), before + 1);
	wait_for_tick();
	put(scene, "script", "#!/bin/sh\necho B\n"); /* of the same length */
	content = refresh(scene, NULL);
	assert_int_equal(script_hash_count(), before + 2);
	assert_string_equal(content->bytes, "#!/bin/sh\necho B\n");
	assert_string_not_equal(content->digest, function_of(scene)->script.content.digest);
}

/* What it says of time and size can be put back; that it was changed can't. */
static void a_change_shows_whatever_is_put_back(void **state)
{
	struct scene *scene = need_root(state);
	const char *path = under(scene, "script"), *kept = under(scene, "kept");
	struct timespec times[2];
	struct stat status;

	load(scene);
	assert_int_equal(stat(path, &status), 0);
	wait_for_tick();
	put(scene, "script", "#!/bin/sh\necho C\n");
	times[0] = status.st_atim;
	times[1] = status.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_string_equal(refresh(scene, NULL)->bytes, "#!/bin/sh\necho C\n");
	assert_int_equal(rename(path, kept), 0);
	put(scene, "script", "#!/bin/sh\necho D\n");
	assert_string_equal(refresh(scene, NULL)->bytes, "#!/bin/sh\necho D\n");
}

static void what_can_not_be_run_is_told_exactly(void **state)
{
	struct scene *scene = need_root(state);
	const char *path = under(scene, "script");
	char *large = calloc(1, SCRIPT_SIZE_MAX + 1);

	load(scene);
	wait_for_tick();
	put(scene, "script", "#!/bin/sh\necho \xff\xfe\n");
	refresh(scene, "it is not UTF-8 text");
	put_bytes(path, "#!/bin/sh\n\0exit\n", 16);
	refresh(scene, "it is not UTF-8 text");
	memset(large, 'x', SCRIPT_SIZE_MAX + 1);
	put_bytes(path, large, SCRIPT_SIZE_MAX + 1);
	refresh(scene, "it is larger than 1 MiB");
	memcpy(large, "#!/bin/sh\n", 10);
	put_bytes(path, large, SCRIPT_SIZE_MAX);
	assert_int_equal(refresh(scene, NULL)->length, SCRIPT_SIZE_MAX);
	free(large);
	put(scene, "script", "echo no interpreter\n");
	refresh(scene, "it has no interpreter line (#!)");
	assert_int_equal(unlink(path), 0);
	refresh(scene, "No such file or directory");
	assert_int_equal(mkdir(path, 0755), 0);
	refresh(scene, "it is not a regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0644), 0);
	refresh(scene, "is not a file or a directory");
	assert_int_equal(unlink(path), 0);
	put(scene, "other", "#!/bin/sh\n");
	assert_int_equal(symlink(under(scene, "other"), path), 0);
	refresh(scene, "is a symbolic link");
	assert_int_equal(unlink(path), 0);
	put(scene, "script", "#!/bin/sh\n");
	assert_int_equal(chmod(path, 0666), 0);
	refresh(scene, "is writable by everybody");
}

static const char pem[] = "-----BEGIN PRIVATE KEY-----\n"
			  "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAPK53Pg"
			  "\n-----END PRIVATE KEY-----\n";

/* Signs what the script's file holds, as `raw` bytes or as base64. */
static void sign(struct scene *scene, bool raw)
{
	unsigned char signature[SIGNATURE_SIZE];
	char text[SIGNATURE_TEXT_SIZE];
	struct signature_signer signer;
	const char *complaint = NULL, *bytes;
	size_t length;

	bytes = fd_read_file(scene->arena, under(scene, "script"), SCRIPT_SIZE_MAX, &length);
	assert_non_null(bytes);
	if (signature_signer_begin(scene->arena, &signer, pem, sizeof(pem) - 1, &complaint) != 0)
		fail_msg("%s", complaint);
	assert_int_equal(signature_sign(&signer, bytes, length, signature), 0);
	signature_print(signature, text);
	signature_signer_end(&signer);
	if (raw)
		put_bytes(under(scene, "script.sig"), signature, sizeof(signature));
	else
		put(scene, "script.sig", arena_printf(scene->arena, "%s\n", text));
}

static void put_key(struct scene *scene)
{
	char text[SIGNATURE_KEY_TEXT_SIZE];
	struct signature_signer signer;
	const char *complaint = NULL;

	if (signature_signer_begin(scene->arena, &signer, pem, sizeof(pem) - 1, &complaint) != 0)
		fail_msg("%s", complaint);
	signature_key_print(signer.public_key, text);
	signature_signer_end(&signer);
	put(scene, "rolegate.conf",
		arena_printf(scene->arena,
			"endpoints = ( { name = \"e\"; run_as = \"nobody\"; } );\n"
			"trusted_keys = ( { name = \"release\"; key = \"%s\"; } );\n",
			text));
}

static void a_signature_holds_for_these_bytes_alone(void **state)
{
	struct scene *scene = need_root(state);

	put_key(scene);
	trust(scene, "signed_by = \"release\";");
	assert_false(function_of(scene)->script.content.signature_holds);
	for (int raw = 0; raw < 2; raw++) {
		sign(scene, raw == 1);
		load(scene);
		assert_true(function_of(scene)->script.content.signature_holds);
		wait_for_tick();
		put(scene, "script", raw == 1 ? "#!/bin/sh\necho F\n" : "#!/bin/sh\necho E\n");
		assert_false(refresh(scene, NULL)->signature_holds);
		sign(scene, raw == 1);
		assert_true(refresh(scene, NULL)->signature_holds);
	}
	for (int i = 0; i < SIGNATURE_SIZE; i++) {
		char *signature;
		size_t length;

		sign(scene, true);
		signature = fd_read_file(scene->arena, under(scene, "script.sig"), 100, &length);
		signature[i] ^= 1;
		put_bytes(under(scene, "script.sig"), signature, length);
		assert_false(refresh(scene, NULL)->signature_holds);
		put_bytes(under(scene, "script.sig"), signature, (size_t)i);
		assert_false(refresh(scene, NULL)->signature_holds);
	}
}

static void a_signed_file_of_functions(void **state)
{
	struct scene *scene = need_root(state);
	const char *kept;
	size_t length;

	put_key(scene);
	put(scene, "functions.d/f.conf",
		"functions = ( { name = \"f\"; script = \"echo\"; interpreter = \"/bin/sh\"; } "
		");\n");
	put(scene, "trusted.d/t.conf",
		"trusted = ( { id = \"00000001-0000-4000-8000-000000000000\"; path = "
		"\"functions.d/f.conf\"; level = \"trusted\"; signed_by = \"release\"; } );\n");
	load(scene);
	assert_false(function_of(scene)->trust->signature_holds);
	kept = fd_read_file(scene->arena, under(scene, "functions.d/f.conf"), 4096, &length);
	put(scene, "script", kept);
	sign(scene, false);
	assert_int_equal(
		rename(under(scene, "script.sig"), under(scene, "functions.d/f.conf.sig")), 0);
	load(scene);
	assert_true(function_of(scene)->trust->signature_holds);
	put(scene, "functions.d/f.conf", arena_printf(scene->arena, "%s ", kept));
	load(scene);
	assert_false(function_of(scene)->trust->signature_holds);
}

/* A pinned interpreter is hashed at the load, and no other. */
static void the_interpreter_is_hashed_where_it_is_pinned(void **state)
{
	struct scene *scene = need_root(state);
	struct script_identity identity;
	char digest[65];
	_cleanup_fd_ int fd = open("/bin/sh", O_RDONLY | O_CLOEXEC);

	assert_int_equal(trust_hash_file(fd, &identity, digest), 0);
	load(scene);
	assert_string_equal(function_of(scene)->interpreter_digest, "");
	trust(scene,
		arena_printf(scene->arena,
			"content_hash = \"sha256:%064d\"; interpreter_hash = \"sha256:%064d\";", 0,
			0));
	assert_string_equal(function_of(scene)->interpreter_digest, digest);
	assert_true(script_is_same(&function_of(scene)->interpreter_identity, &identity));
}

/* Two contents that say which they are; the swapper puts one, the other, or a part of one there. */
static const char *const contents[] = {
	"#!/bin/sh\necho A # first\n", "#!/bin/sh\necho B # other\n"};

static void write_in_place(const char *path, unsigned which, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!pwrite(fd, contents[which], length, 0);
	(void)!ftruncate(fd, (off_t)length);
	close(fd);
}

static void write_and_rename(const char *path, const char *other, unsigned which)
{
	int fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return;
	(void)!write(fd, contents[which], strlen(contents[which]));
	close(fd);
	(void)rename(other, path);
}

static _Noreturn void swap_for_ever(const char *path, const char *other)
{
	for (unsigned i = 0;; i++) {
		unsigned which = i / 4 & 1;

		if ((i & 3) == 0)
			write_and_rename(path, other, which);
		else if ((i & 3) == 1)
			write_in_place(path, which ^ 1, strlen(contents[0]));
		else if ((i & 3) == 2)
			write_in_place(path, which, i % 16);
		else
			write_and_rename(path, other, which ^ 1);
		if (i % 8 == 0) {
			(void)rename(path, other);
			(void)rename(other, path);
		}
		usleep(i % 8 == 0 ? 600 : i % 8 == 4 ? 200 : 1);
	}
}

/* What it prints, by the descriptors that the gateway would start: the letter, or "". */
static char run(struct arena *arena, struct spawn_program *program)
{
	static const char *const environment[] = {NULL};
	struct strings argv = {0};
	char *const *words;
	char letter = '\0';
	int pipe_fds[2], status;
	pid_t pid;

	strings_add(arena, &argv, "f");
	words = spawn_arguments(arena, program, &argv);
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(pipe_fds[1], 1);
		dup2(program->script, 3);
		fexecve(program->image, words, (char *const *)(uintptr_t)environment);
		_exit(127);
	}
	close(pipe_fds[1]);
	if (read(pipe_fds[0], &letter, 1) != 1 || letter == '\n')
		letter = '\0';
	close(pipe_fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return letter;
}

/* The bytes that will run, by their descriptor, are those of the digest. */
static void check_copy(struct arena *arena, int fd, const struct script_content *content)
{
	struct digest digest;
	char is[65];
	size_t length;
	const char *bytes = fd_read_all(arena, fd, SCRIPT_SIZE_MAX, &length);

	assert_non_null(bytes);
	digest_begin(&digest);
	digest_bytes(&digest, bytes, length);
	assert_int_equal(digest_end(&digest, is), 0);
	assert_string_equal(is, content->digest);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
}

/* One run, as the gateway makes it: what was printed; '-' where it was refused. */
static char run_once(struct scene *scene, struct arena *arena, struct trust_verdict *verdict,
	const struct script_content **content)
{
	const struct function *function = function_of(scene);
	struct spawn_program program;
	const char *complaint;
	char letter;

	if (script_refresh(arena, function, content, &complaint) != 0)
		return '-';
	*verdict = trust_judge(arena, function, *content, NULL);
	if (verdict->blocked || spawn_open_script(arena, *content, NULL, &program, &complaint) != 0)
		return '-';
	check_copy(arena, program.script, *content);
	letter = run(arena, &program);
	spawn_close_program(&program);
	return letter;
}

static char letter_of(const struct script_content *content)
{
	const char *echo = strstr(content->bytes, "echo ");

	return echo == NULL ? '\0' : echo[5];
}

struct tally {
	unsigned a, b, other, refused;
};

/* `pinned`: A alone is trusted, and nothing else may run; else everything runs. */
static struct tally race(struct scene *scene, bool pinned, unsigned runs)
{
	struct tally tally = {0};
	pid_t swapper = fork();

	if (swapper == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0)
		swap_for_ever(under(scene, "script"), under(scene, "swapped"));
	while (tally.a + tally.b + tally.other < runs) {
		struct arena *arena = arena_new();
		const struct script_content *content = NULL;
		struct trust_verdict verdict = {0};
		char letter = run_once(scene, arena, &verdict, &content);

		if (letter == '-') {
			tally.refused++;
		} else {
			assert_int_equal(letter, letter_of(content));
			if (pinned)
				assert_string_equal(
					content->digest, function_of(scene)->trust->content_hash);
			tally.a += letter == 'A';
			tally.b += letter == 'B';
			tally.other += letter != 'A' && letter != 'B';
		}
		arena_free(arena);
	}
	kill(swapper, SIGKILL);
	assert_int_equal(waitpid(swapper, NULL, 0), swapper);
	return tally;
}

static void R26_never_other_bytes_than_were_decided_on(void **state)
{
	struct scene *scene = need_root(state);
	struct tally tally;

	put(scene, "script", contents[0]);
	load(scene);
	tally = race(scene, false, RUNS - RUNS_PINNED);
	print_message("every content runs: A %u, B %u, parts %u, refused %u\n", tally.a, tally.b,
		tally.other, tally.refused);
	assert_true(tally.a > 0 && tally.b > 0);
	put(scene, "script", contents[0]);
	load(scene);
	trust(scene, arena_printf(scene->arena, "content_hash = \"sha256:%s\";",
			     function_of(scene)->script.content.digest));
	tally = race(scene, true, RUNS_PINNED);
	print_message("A alone runs: A %u, refused %u\n", tally.a, tally.refused);
	assert_true(tally.a > 0 && tally.refused > 0);
	assert_int_equal(tally.b + tally.other, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_unchanged_is_not_hashed_again),
		TEST(a_change_shows_whatever_is_put_back),
		TEST(what_can_not_be_run_is_told_exactly),
		TEST(a_signature_holds_for_these_bytes_alone),
		TEST(a_signed_file_of_functions),
		TEST(the_interpreter_is_hashed_where_it_is_pinned),
		TEST(R26_never_other_bytes_than_were_decided_on),
	};

	return cmocka_run_group_tests_name("content", tests, NULL, NULL);
}
