/* R19: a client with other effective than real ids, as a setuid or setgid program has. */
#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argc;
	argv[0] = "/opt/rolegate/bin/rolegate";
	execv(argv[0], argv);
	return 125;
}
