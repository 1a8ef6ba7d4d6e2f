/* Code that marks its run as soon as it is loaded; where it was loaded from says whose it was. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void note(const char *name)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "/run/jump-host/escapes/marks/%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	if (fd >= 0)
		dprintf(fd, "%s uid=%u pid=%d\n", name, (unsigned)geteuid(), (int)getpid());
}

/* /run/jump-host/escapes/dir/NAME/library.so */
__attribute__((constructor)) static void loaded(void)
{
	char path[512];
	char *name, *end;
	Dl_info info;

	if (dladdr((const void *)&loaded, &info) == 0 || info.dli_fname == NULL)
		return;
	snprintf(path, sizeof(path), "%s", info.dli_fname);
	name = strstr(path, "/dir/");
	end = name == NULL ? NULL : strchr(name + 5, '/');
	if (end == NULL)
		return;
	*end = '\0';
	note(name + 5);
}

/* What a loader of PKCS #11 modules looks for. */
int C_GetFunctionList(void **list);
int C_GetFunctionList(void **list)
{
	*list = NULL;
	return 1;
}
