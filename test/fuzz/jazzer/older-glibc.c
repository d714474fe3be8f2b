/* What the fuzzer's library asks of glibc 2.38 and GCC 13's libstdc++, for a system that has older ones. C23 made
   strtol and strtoul read binary digits too, which nothing here needs; the streams that the last one would set up
   are set up already, by Node. */
#include <stdlib.h>

long __isoc23_strtol(const char *text, char **end, int base)
{
	return strtol(text, end, base);
}

unsigned long __isoc23_strtoul(const char *text, char **end, int base)
{
	return strtoul(text, end, base);
}

void _ZSt21ios_base_library_initv(void)
{
}
