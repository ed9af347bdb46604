using System.Runtime.InteropServices;

namespace Releases.Tool;

/// <summary>
/// Represents the size of the screen. It is read from the system directly, for standard error too: the runtime's console only looks at
/// standard output, and sets up the keyboard first.
/// </summary>
/// <param name="Width">The width, in columns.</param>
/// <param name="Height">The height, in lines.</param>
internal readonly partial record struct ScreenSize(int Width, int Height)
{
    private const nuint TIOCGWINSZ = 0x5413;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>The size to assume for a terminal that doesn't report one.</summary>
    private static readonly ScreenSize Usual = new(80, 24);

    /// <summary>Returns the current size.</summary>
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

#pragma warning disable IDE1006, CA5392 // This is the C library's name; it is always found where the runtime's is.
    [LibraryImport("libc")]
    private static partial int ioctl(int file, nuint request, out WindowSize size);
#pragma warning restore IDE1006, CA5392
}
