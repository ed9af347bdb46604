using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Hosting;

namespace Releases.Tool;

/// <summary>Represents the console's TLS certificate with its key and its issuers' certificates.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _chain;

    private ServerCertificate(X509Certificate2 certificate, X509Certificate2Collection chain) =>
        (_certificate, _chain) = (certificate, chain);

    public DateTimeOffset ExpiresAt => _certificate.NotAfter.ToUniversalTime();

    /// <summary>Gets the names of the certificate, except wildcards.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. _certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames()).Where(n => !n.Contains('*', StringComparison.Ordinal)),
    ];

    /// <summary>Reads both files, which are in PEM format. Fails with <see cref="ProblemCode.Certificate"/>.</summary>
    public static ServerCertificate Read(string certificate, string key)
    {
        try
        {
            var own = X509Certificate2.CreateFromPemFile(certificate, key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificate);
            // Windows can't use a key that is in memory alone.
            if (OperatingSystem.IsWindows()) own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
            return new(own, chain);
        }
        catch (Exception unusable)
            when (unusable is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new Problem(
                ProblemCode.Certificate,
                $"the certificate {certificate} can't be used with the key {key}: {unusable.Message.TrimEnd('.')}.",
                "Both are PEM files: the certificate first, then those that issued it; the key without a password.",
                ProblemKind.Usage).ToException(unusable);
        }
    }

    public void Encrypt(ListenOptions listen)
    {
        // Event streams and limits are designed for HTTP/1.1.
        listen.Protocols = HttpProtocols.Http1;
        listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = _certificate, ServerCertificateChain = _chain });
    }

    public void Dispose() => _certificate.Dispose();
}
