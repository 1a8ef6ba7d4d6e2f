/*
 * What every escape tries to start. It notes that it ran in a file that is named as this program
 * is in /opt/tests/x (one link for each run), which the error output of no program can forge.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRAMS "/opt/tests/x/"
#define MARKS "/run/jump-host/escapes/marks/"

/* Not argv[0], which may be anything, but where the loader was started it is all there is. */
static const char *own_name(char *path, size_t size, const char *word)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);

	path[length < 0 ? 0 : length] = '\0';
	if (strncmp(path, PROGRAMS, strlen(PROGRAMS)) == 0)
		return path + strlen(PROGRAMS);
	if (strncmp(word, PROGRAMS, strlen(PROGRAMS)) == 0)
		return word + strlen(PROGRAMS);
	return NULL;
}

int main(int argc, char **argv)
{
	char exe[512], path[1024];
	const char *name = own_name(exe, sizeof(exe), argc > 0 ? argv[0] : "");
	int fd;

	if (name == NULL)
		return 2;
	snprintf(path, sizeof(path), MARKS "%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	if (fd < 0)
		return 3;
	dprintf(fd, "%s uid=%u pid=%d\n", name, (unsigned)geteuid(), (int)getpid());
	return 0;
}
