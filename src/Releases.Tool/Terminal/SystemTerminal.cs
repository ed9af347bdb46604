using System.Text;

namespace Releases.Tool;

/// <summary>Implements the terminal with the process's own streams.</summary>
internal sealed class SystemTerminal : ITerminal
{
    private readonly Lazy<StreamWriter> _out = new(() => Writer(new(Console.OpenStandardOutput())));
    private readonly Lazy<StreamWriter> _error = new(() => Writer(new(Console.OpenStandardError(), isData: false)));

    private readonly Lazy<CancellationToken> _reader;

    /// <summary>Fails on invalid UTF-8, rather than replace it with other text.</summary>
    private readonly Lazy<TextReader> _piped = new(() =>
        new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false, throwOnInvalidBytes: true)));

    public SystemTerminal() => _reader = new(() => OutputReader.Gone(Data.WhenLost));

    // Not Console.Out and Console.Error: those set up the terminal's encoding and description first, which costs more than everything else
    // in a short command.
    public TextWriter Out => _out.Value;

    public TextWriter Error => _error.Value;

    public CancellationToken ReaderGone => _reader.Value;

    public Problem? OutputLost => _out.IsValueCreated ? Data.Lost : null;

    public TextReader In => InIsTerminal ? Console.In : _piped.Value;

    public bool OutIsTerminal { get; } = !Console.IsOutputRedirected;

    public bool ErrorIsTerminal { get; } = !Console.IsErrorRedirected;

    public bool InIsTerminal => !Console.IsInputRedirected;

    /// <summary>Gets whether to use color. According to https://no-color.org, NO_COLOR turns it off if it is set and not empty.</summary>
    public bool Color { get; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && !IsDumb;

    public bool CanRedraw => ErrorIsTerminal && !IsDumb;

    public int Width => ScreenSize.Now().Width;

    public int Height => ScreenSize.Now().Height;

    private StandardStream Data => (StandardStream)_out.Value.BaseStream;

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") == "dumb";

    private static StreamWriter Writer(StandardStream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };
}
