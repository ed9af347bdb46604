using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Releases.Testing;

namespace Releases.EndToEnd.Tests;

/// <summary>A terminal of the system as a terminal program has it: another program runs at it, and what that prints is put on a
/// screen.</summary>
public sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWriteNotControlling = 0x2 | 0x100;
    private const int TIOCSWINSZ = 0x5414;
    private const int LongestName = 64;

    private readonly FileStream _side;
    private readonly SafeFileHandle _device;
    private readonly Lock _gate = new();
    private readonly StringBuilder _raw = new();
    private readonly List<string> _moments = [];
    private readonly Screen _screen;
    private readonly Task _reading;

    public PseudoTerminal(int columns, int lines)
    {
        var side = new SafeFileHandle(posix_openpt(ReadWriteNotControlling), ownsHandle: true);
        var name = new byte[LongestName];
        var size = new WindowSize { Lines = (ushort)lines, Columns = (ushort)columns };
        if (side.IsInvalid || grantpt(side) != 0 || unlockpt(side) != 0 || ptsname_r(side, name, LongestName) != 0
            || ioctl(side, TIOCSWINSZ, ref size) != 0)
            throw new IOException($"There is no pseudo-terminal: error {Marshal.GetLastPInvokeError()}.");
        Name = Encoding.UTF8.GetString(name).TrimEnd('\0');
        // As long as somebody has it open, a program that ends does not end it.
        _device = File.OpenHandle(Name, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        _side = new(side, FileAccess.ReadWrite, bufferSize: 0);
        _screen = new(columns, lines);
        _screen.Updated += Remember;
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The device's name: <c>/dev/pts/3</c>.</summary>
    public string Name { get; }

    /// <summary>All that was printed, with its escape sequences.</summary>
    public string Raw => Locked(() => _raw.ToString());

    /// <summary>What was seen on the screen after each piece that was printed, the same twice left out.</summary>
    public IReadOnlyList<string> Moments => Locked(() => (IReadOnlyList<string>)[.. _moments]);

    /// <summary>What is on the screen and above it.</summary>
    public string Text => Locked(() => _screen.Text);

    /// <summary>What was wider than the screen.</summary>
    public IReadOnlyList<string> Wrapped => Locked(() => (IReadOnlyList<string>)[.. _screen.Wrapped]);

    public bool CursorIsShown => Locked(() => _screen.CursorIsShown);

    /// <summary>Presses keys.</summary>
    public void Type(string keys) => _side.Write(Encoding.UTF8.GetBytes(keys));

    /// <summary>Nothing prints anymore, and everything printed is on the screen.</summary>
    public async Task Close()
    {
        _device.Dispose();
        await _reading;
    }

    public void Dispose()
    {
        _device.Dispose();
        _side.Dispose();
    }

    private void Read()
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var (bytes, chars) = (new byte[16 * 1024], new char[16 * 1024]);
        while (true)
        {
            int read;
            try
            {
                read = _side.Read(bytes);
            }
            catch (IOException)
            {
                // This error means that no process has the device open anymore.
                return;
            }

            if (read == 0) return;
            Show(chars.AsSpan(0, decoder.GetChars(bytes, 0, read, chars, 0)));
        }
    }

    private void Show(ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            _raw.Append(text);
            _screen.Write(text);
            if (!_screen.IsUpdating) Remember();
        }
    }

    private void Remember()
    {
        if (_moments.Count == 0 || _moments[^1] != _screen.Text) _moments.Add(_screen.Text);
    }

    private T Locked<T>(Func<T> look)
    {
        lock (_gate) return look();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Lines;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

#pragma warning disable IDE1006, CA5392 // The C library's names; it is always found where the runtime's own is.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int grantpt(SafeFileHandle side);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlockpt(SafeFileHandle side);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ptsname_r(SafeFileHandle side, [Out] byte[] name, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle side, nuint request, ref WindowSize size);
#pragma warning restore IDE1006, CA5392
}
