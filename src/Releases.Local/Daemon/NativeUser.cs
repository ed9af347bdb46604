using System.Runtime.InteropServices;

namespace Releases.Local;

internal static partial class NativeUser
{
    [LibraryImport("libc")]
#pragma warning disable IDE1006, CA5392 // This is the C library's name; it is always found where the runtime's is.
    internal static partial uint geteuid();
#pragma warning restore IDE1006, CA5392
}
