using System.Runtime.InteropServices;

namespace Releases.Tool;

/// <summary>
/// How large the screen is. Asked of the system itself, of standard error too: the runtime's console looks at standard
/// output alone, and sets up the terminal's keyboard before it answers.
/// </summary>
/// <param name="Width">Its columns.</param>
/// <param name="Height">Its lines.</param>
internal readonly partial record struct ScreenSize(int Width, int Height)
{
    private const nuint TIOCGWINSZ = 0x5413;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>That of a terminal that does not tell.</summary>
    private static readonly ScreenSize Usual = new(80, 24);

    /// <summary>The size as it is now.</summary>
    public static ScreenSize Now()
    {
        if (!OperatingSystem.IsLinux()) return Known(Console.WindowWidth, Console.WindowHeight);
        foreach (var file in (int[])[StandardError, StandardOutput])
            if (ioctl(file, TIOCGWINSZ, out var size) == 0) return Known(size.Columns, size.Lines);
        return Usual;
    }

    private static ScreenSize Known(int width, int height) => new(width > 0 ? width : Usual.Width, height > 0 ? height : Usual.Height);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Lines;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

#pragma warning disable IDE1006, CA5392 // The C library's name; it is always found where the runtime's own is.
    [LibraryImport("libc")]
    private static partial int ioctl(int file, nuint request, out WindowSize size);
#pragma warning restore IDE1006, CA5392
}
