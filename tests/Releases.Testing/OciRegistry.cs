using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Releases.Testing;

/// <summary>Debian's docker-registry on loopback, and a base image in it that is made here: one layer with one file.</summary>
/// <param name="login">A line of a password file that it lets in alone, by bcrypt, with the password; null: it lets everybody in.</param>
public sealed class OciRegistry((string Line, string Password)? login) : IAsyncLifetime
{
    /// <summary>Two logins of the user <c>AWS</c>, as ECR has one.</summary>
    public static readonly (string Line, string Password)
        OneLogin = ("AWS:$2y$04$vumwdfkjQA.I5bp.Mz3HP.bQhU0SYhhHRvyYap/xdBQo23bOSNXf2", "a-token-of-twelve-hours"),
        AnotherLogin = ("AWS:$2y$04$bQskGYZ4x3odCZMzFrR5iu51vdY3mRzSpMdH9X/yzPOfPbxDMC2oe", "another-token");

    public const string BaseImage = "base/image";

    private const string Image = "application/vnd.docker.distribution.manifest.v2+json";
    private const string Index = "application/vnd.docker.distribution.manifest.list.v2+json";

    private readonly string _folder = Directory.CreateTempSubdirectory("convox-registry-").FullName;
    private readonly int _port = FreePort.Take();
    private Process? _registry;

    public OciRegistry()
        : this(null)
    {
    }

    public Uri Address => new($"http://localhost:{_port}");

    /// <summary>As it is written in the name of an image.</summary>
    public string Host => $"localhost:{_port}";

    public async ValueTask InitializeAsync()
    {
        var configuration = Path.Combine(_folder, "config.yml");
        await File.WriteAllTextAsync(configuration,
            $"version: 0.1\nlog: {{ level: error, accesslog: {{ disabled: true }} }}\nstorage: {{ filesystem: {{ rootdirectory: {_folder}/data }}, delete: {{ enabled: true }} }}\nhttp: {{ addr: 'localhost:{_port}' }}\n{Auth()}");
        _registry = Process.Start(new ProcessStartInfo("docker-registry", ["serve", configuration])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _registry.BeginOutputReadLine();
        _registry.BeginErrorReadLine();
        using var client = Client();
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!await Answers(client, limit.Token)) await Task.Delay(50, limit.Token);
        await Push(client, BaseImage, "1", "base", limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_registry is not null)
        {
            _registry.Kill();
            await _registry.WaitForExitAsync();
            _registry.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The manifest of an image as the registry has it.</summary>
    public async Task<JsonObject> Manifest(string repository, string reference) =>
        (JsonObject)JsonNode.Parse(await Raw(repository, reference))!;

    /// <summary>What names that manifest forever.</summary>
    public async Task<string> Digest(string repository, string reference) => DigestOf(await Raw(repository, reference));

    /// <summary>What a digest names in a repository: an image's configuration, or a layer.</summary>
    public async Task<byte[]> Blob(string repository, string digest)
    {
        using var client = Client();
        return await client.GetByteArrayAsync(new Uri($"/v2/{repository}/blobs/{digest}", UriKind.Relative));
    }

    /// <summary>Pushes an image of one layer with one file.</summary>
    public async Task Push(string repository, string tag, string file, CancellationToken cancel)
    {
        using var client = Client();
        await Push(client, repository, tag, file, cancel);
    }

    /// <summary>Pushes an image for several platforms, each of which has no tag of its own, and returns their digests.</summary>
    public async Task<IReadOnlyList<string>> PushIndex(string repository, string tag, IEnumerable<string> files, CancellationToken cancel)
    {
        using var client = Client();
        var parts = new List<JsonObject>();
        foreach (var file in files) parts.Add(await Push(client, repository, null, file, cancel));
        var digests = parts.Select(p => p["digest"]!.GetValue<string>()).ToList();
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Index, ["manifests"] = new JsonArray([.. parts]) };
        await PushManifest(client, repository, tag, Index, Encoding.UTF8.GetBytes(index.ToJsonString()), cancel);
        return digests;
    }

    /// <summary>Those of these images that the registry has.</summary>
    public async Task<IReadOnlyList<string>> Has(string repository, params IEnumerable<string> digests)
    {
        var found = new List<string>();
        foreach (var digest in digests)
        {
            try
            {
                await Raw(repository, digest);
                found.Add(digest);
            }
            catch (HttpRequestException missing) when (missing.StatusCode == HttpStatusCode.NotFound)
            {
                // It isn't among them.
            }
        }

        return found;
    }

    private HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Address };
        if (login is { } known)
            client.DefaultRequestHeaders.Authorization = new("Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:{known.Password}")));
        return client;
    }

    private string Auth()
    {
        if (login is not { } known) return "";
        var file = Path.Combine(_folder, "htpasswd");
        File.WriteAllText(file, known.Line + "\n");
        return $"auth: {{ htpasswd: {{ realm: test, path: {file} }} }}\n";
    }

    private async Task<byte[]> Raw(string repository, string reference)
    {
        using var client = Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.oci.image.manifest.v1+json");
        client.DefaultRequestHeaders.Accept.ParseAdd(Image);
        client.DefaultRequestHeaders.Accept.ParseAdd(Index);
        return await client.GetByteArrayAsync(new Uri($"/v2/{repository}/manifests/{reference}", UriKind.Relative));
    }

    private static async Task<bool> Answers(HttpClient client, CancellationToken cancel)
    {
        try
        {
            return (await client.GetAsync(new Uri("/v2/", UriKind.Relative), cancel)).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Pushes an image, without a tag if there is none, and returns how an index refers to it.</summary>
    private static async Task<JsonObject> Push(HttpClient client, string repository, string? tag, string file, CancellationToken cancel)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
            await writer.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "etc/base")
            { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(file)), ModificationTime = DateTimeOffset.UnixEpoch }, cancel);
        using var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await zip.WriteAsync(tar.ToArray(), cancel);
        var layer = packed.ToArray();
        var config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(DigestOf(tar.ToArray())) },
        }.ToJsonString());
        await PushBlob(client, repository, layer, cancel);
        await PushBlob(client, repository, config, cancel);
        var manifest = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Image,
            ["config"] = Descriptor("application/vnd.docker.container.image.v1+json", config),
            ["layers"] = new JsonArray(Descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)),
        }.ToJsonString());
        await PushManifest(client, repository, tag ?? DigestOf(manifest), Image, manifest, cancel);
        return Descriptor(Image, manifest);
    }

    private static async Task PushManifest(
        HttpClient client, string repository, string reference, string type, byte[] manifest, CancellationToken cancel)
    {
        using var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new(type);
        (await client.PutAsync(new Uri($"/v2/{repository}/manifests/{reference}", UriKind.Relative), content, cancel))
            .EnsureSuccessStatusCode();
    }

    private static async Task PushBlob(HttpClient client, string repository, byte[] blob, CancellationToken cancel)
    {
        using var started = (await client.PostAsync(new Uri($"/v2/{repository}/blobs/uploads/", UriKind.Relative), null, cancel))
            .EnsureSuccessStatusCode();
        var location = new Uri(client.BaseAddress!, started.Headers.Location!);
        using var content = new ByteArrayContent(blob);
        content.Headers.ContentType = new("application/octet-stream");
        (await client.PutAsync(new Uri($"{location}{(location.Query.Length > 0 ? '&' : '?')}digest={Uri.EscapeDataString(DigestOf(blob))}"),
            content, cancel)).EnsureSuccessStatusCode();
    }

    private static JsonObject Descriptor(string type, byte[] blob) =>
        new() { ["mediaType"] = type, ["size"] = blob.Length, ["digest"] = DigestOf(blob) };

    private static string DigestOf(byte[] blob) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(blob));
}
