using System.Text;

namespace Releases.Local;

/// <summary>Represents the head of a request.</summary>
internal sealed class RequestHead : MessageHead
{
    private int _methodLength;

    public bool IsHead { get; private set; }

    /// <summary>Gets whether the method is safe, as defined by RFC 9110.</summary>
    public bool IsSafe { get; private set; }

    /// <summary>Gets whether the request is HTTP/1.1 rather than HTTP/1.0.</summary>
    public bool IsHttp11 { get; private set; }

    /// <summary>Gets the requested host without a port; empty if there is none.</summary>
    public string Host { get; private set; } = "";

    /// <summary>Gets the Host header as it was sent, with the port.</summary>
    public byte[] HostValue { get; private set; } = [];

    public bool WantsUpgrade { get; private set; }

    public Framing Body => IsChunked ? Framing.Chunked : ContentLength is > 0 and var length ? Framing.Counted(length) : Framing.None;

    /// <summary>Gets whether the client accepts another response on this connection.</summary>
    public bool Persists => IsHttp11 ? !Close : KeepAlive && !Close;

    /// <summary>Gets whether the request has a field that may select a process.</summary>
    public bool MayChooseProcess { get; private set; }

    private bool HasHost { get; set; }

    private string? TargetHost { get; set; }

    private bool HasUpgrade { get; set; }

    private bool HasHttp2Upgrade { get; set; }

    public override void Clear()
    {
        base.Clear();
        IsHead = IsSafe = IsHttp11 = WantsUpgrade = HasUpgrade = HasHttp2Upgrade = HasHost = MayChooseProcess = false;
        (Host, HostValue, TargetHost) = ("", [], null);
    }

    /// <summary>Returns the first line as it was received.</summary>
    public ReadOnlySpan<byte> Line(ReadOnlySpan<byte> bytes) => bytes[..FirstLine];

    /// <exception cref="MalformedMessage">The lines contradict each other, so the head can't be forwarded.</exception>
    public void Complete()
    {
        if (IsChunked && ContentLength is not null) throw Malformed("both a length and chunks");
        if (IsChunked && !IsHttp11) throw Malformed("chunks in HTTP/1.0");
        if (IsHttp11 && !HasHost) throw Malformed("no Host header");
        // The router couldn't see HTTP/2 on an upgraded connection, and so couldn't keep or replace its requests.
        WantsUpgrade = IsHttp11 && Upgrades && HasUpgrade && !HasHttp2Upgrade;
        Host = TargetHost ?? Host;
    }

    protected override void Note(Field field, ReadOnlySpan<byte> bytes)
    {
        base.Note(field, bytes);
        if (field.Kind == FieldKind.Host)
        {
            if (HasHost) throw Malformed("two Host headers");
            HasHost = true;
            HostValue = field.Value(bytes).ToArray();
            Host = WithoutPort(HostValue);
        }
        else if (field.Kind is FieldKind.Cookie or FieldKind.Release)
        {
            MayChooseProcess = true;
        }
        else if (field.Kind == FieldKind.Upgrade)
        {
            HasUpgrade = true;
            HasHttp2Upgrade |= FieldNames.Has(field.Value(bytes), "h2c"u8);
        }
    }

    protected override void ReadFirstLine(ReadOnlySpan<byte> line)
    {
        _methodLength = line.IndexOf((byte)' ');
        var version = line.LastIndexOf((byte)' ');
        if (_methodLength <= 0 || version <= _methodLength + 1 || line[.._methodLength].ContainsAnyExcept(FieldNames.Token))
            throw Malformed("a first line that isn't HTTP");
        var target = line[(_methodLength + 1)..version];
        // A lenient parser would end the target here; all other bytes are for the app to judge.
        if (target.IndexOfAny(" \t\v\f"u8) >= 0) throw Malformed("a request target with white space");
        ReadVersion(line[(version + 1)..]);
        var method = line[.._methodLength];
        if (method.SequenceEqual("CONNECT"u8)) throw new MalformedMessage(501, "the method CONNECT");
        IsHead = method.SequenceEqual("HEAD"u8);
        IsSafe = IsHead || method.SequenceEqual("GET"u8) || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("TRACE"u8);
        TargetHost = HostOf(target);
    }

    protected override MalformedMessage Malformed(string why) => new(400, why);

    protected override MalformedMessage UnknownCoding() => new(501, "a transfer coding other than 'chunked'");

    protected override MalformedMessage TooLong() => new(431, $"more than {MaxBytes / 1024} KiB of headers");

    private void ReadVersion(ReadOnlySpan<byte> version)
    {
        IsHttp11 = version.SequenceEqual("HTTP/1.1"u8);
        if (IsHttp11 || version.SequenceEqual("HTTP/1.0"u8)) return;
        throw version.StartsWith("HTTP/"u8) ? new MalformedMessage(505, "another version than HTTP/1.1 or 1.0")
            : Malformed("a first line that isn't HTTP");
    }

    /// <summary>Returns the host in an absolute-form target, which takes precedence over the Host header (RFC 9112, 3.2.2).</summary>
    private static string? HostOf(ReadOnlySpan<byte> target)
    {
        if (target[0] is (byte)'/' or (byte)'*') return null;
        var authority = target.IndexOf("://"u8);
        if (authority < 0) return null;
        var rest = target[(authority + 3)..];
        var end = rest.IndexOfAny("/?#"u8);
        if (end >= 0) rest = rest[..end];
        return WithoutPort(rest[(rest.LastIndexOf((byte)'@') + 1)..]);
    }

    private static string WithoutPort(ReadOnlySpan<byte> host)
    {
        var port = host.LastIndexOf((byte)':');
        return Encoding.Latin1.GetString(port >= 0 && host[port..].IndexOf((byte)']') < 0 ? host[..port] : host);
    }
}
