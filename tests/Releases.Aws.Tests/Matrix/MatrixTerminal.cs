using Releases.Testing;
using Releases.Tool;

namespace Releases.Aws.Tests.Matrix;

/// <summary>A pipe that keeps what a command prints.</summary>
internal sealed class MatrixTerminal : ITerminal, IDisposable
{
    private readonly SharedText _text = new();

    public string Text => _text.ToString();

    public TextWriter Out => _text;

    public TextWriter Error => _text;

    public TextReader In => TextReader.Null;

    public bool OutIsTerminal => false;

    public bool ErrorIsTerminal => false;

    public bool InIsTerminal => false;

    public bool Color => false;

    public bool CanRedraw => false;

    public Problem? OutputLost => null;

    public CancellationToken ReaderGone => CancellationToken.None;

    public int Width => 200;

    public int Height => 24;

    public void Dispose() => _text.Dispose();
}
