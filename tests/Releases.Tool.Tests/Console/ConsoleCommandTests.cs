using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class ConsoleCommandTests : Typing
{
    [Fact]
    public async Task It_prints_its_address_opens_the_browser_and_serves_until_it_is_interrupted()
    {
        await Rack.Store.App(cancel: Ending);
        var url = await Started("console");
        Assert.Equal($"{url}\n", Data);
        Assert.StartsWith("http://127.0.0.1:", url, StringComparison.Ordinal);
        using var client = Browsing();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(url, Ending)).StatusCode);
        Assert.Contains("hello", await client.GetStringAsync(new Uri(new Uri(url), "/"), Ending), StringComparison.Ordinal);
        Assert.Equal(130, await Stopped());
        Assert.StartsWith(
            "Console running for rack local. Press Ctrl-C to stop.\nnote: couldn't open a browser (there is none); open the address yourself\n", Talk, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url, Ending));
    }

    [Fact]
    public async Task As_JSON_it_is_one_line()
    {
        var url = await Started("console", "--json");
        var line = JsonDocument.Parse(Assert.Single(Data.TrimEnd('\n').Split('\n'))).RootElement;
        Assert.Equal(["url", "pid", "version"], line.EnumerateObject().Select(p => p.Name));
        Assert.Equal(url, line.GetProperty("url").GetString());
        await Stopped();
    }

    [Fact]
    public async Task The_browser_is_started_with_a_file_that_only_its_user_can_read_and_that_is_gone_afterwards()
    {
        var url = await Started("console");
        Assert.DoesNotContain("token", _opened, StringComparison.Ordinal);
        Assert.Contains($"<meta http-equiv=\"refresh\" content=\"0;url={WebUtility.HtmlEncode(url)}\">",
            await File.ReadAllTextAsync(_opened, Ending), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_opened));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(_opened)!));
        }

        Assert.Equal(130, await Stopped());
        Assert.False(Directory.Exists(Path.GetDirectoryName(_opened)));
    }

    [Fact]
    public async Task A_promotion_that_it_began_is_left_as_promote_leaves_it()
    {
        var (driver, url) = await StartedWithARelease();
        using var client = await SignedIn(url);
        Assert.Equal(HttpStatusCode.SeeOther, (await Promoted(client, url)).StatusCode);
        Assert.Equal(130, await Stopped());
        Assert.EndsWith("The promotion of hello continues in the background. Follow it: dotnet convox watch --app hello\n", Talk,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_a_button_is_just_beginning_when_it_is_interrupted_is_answered_and_told_too()
    {
        var (driver, url) = await StartedWithARelease();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (driver.BeforeItsResponse, driver.Response) = (begun.SetResult, answer.Task);
        using var client = await SignedIn(url);
        var pressed = Promoted(client, url);
        await begun.Task.WaitAsync(Ending);
        var stopped = Stopped();
        await Refused(url);
        Assert.False(stopped.IsCompleted);

        answer.SetResult();
        Assert.Equal(HttpStatusCode.SeeOther, (await pressed).StatusCode);
        Assert.Equal(130, await stopped);
        Assert.EndsWith("The promotion of hello continues in the background. Follow it: dotnet convox watch --app hello\n", Talk,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a console that others can reach needs a sign-in token.", "--listen", "0.0.0.0")]
    [InlineData("--listen takes an IP address of this machine, not 'example.org'.", "--listen", "example.org")]
    [InlineData("--port must be from 1 to 65535, not 70000.", "--port", "70000")]
    [InlineData("'nosuch' can't be read:", "--token-file", "nosuch")]
    [InlineData("the token has 5 characters; it needs at least 16.", "--token-file", "short")]
    [InlineData("a console that others can reach needs a sign-in token.", "--host", "rack.internal")]
    [InlineData("--host takes a name without a port, not 'rack:80'.", "--host", "rack:80")]
    [InlineData("TLS needs both a certificate and its key.", "--certificate", "short")]
    [InlineData("CONVOX0072: the certificate ", "--certificate", "short", "--key", "short")]
    [InlineData("CONVOX0072: the certificate ", "--certificate", "nosuch", "--key", "short")]
    public async Task What_cannot_be_is_refused(string sentence, params string[] options)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "short"), "guess\n", Ending);
        Assert.Equal(2, await Type(["console", "--no-open", .. options]));
        Assert.Contains(sentence, Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_has_to_be_and_is_taken_is_said()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Assert.Equal(1, await Type("console", "--no-open", "--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}"));
        Assert.Contains("CONVOX0011", Talk, StringComparison.Ordinal);
        Assert.Contains("is in use by another program, so there is no console.", Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task One_that_others_can_reach_prints_an_address_that_opens_and_warns_that_nothing_is_encrypted(string listen)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "token"), "a token that somebody set\n", Ending);
        var url = await Started("console", "--listen", listen, "--token-file", "token");
        using var client = Browsing();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(url, Ending)).StatusCode);
        Assert.Contains("warning: the connection is not encrypted", Talk, StringComparison.Ordinal);
        foreach (var name in OwnNames.All())
        {
            using var byName = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Host = $"{name}:{new Uri(url).Port}" } };
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(byName, Ending)).StatusCode);
        }

        await Stopped();
    }

    [Fact]
    public async Task With_a_certificate_of_ones_own_it_is_encrypted_and_nothing_warns()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "token"), "a token that somebody set\n", Ending);
        using var issued = Issue("rack.internal");
        var url = await Started("console", "--listen", "127.0.0.1", "--token-file", "token", "--certificate", "rack.pem",
            "--key", "rack.key");
        Assert.Equal($"https://rack.internal:{new Uri(url).Port}/sign-in", url);
        Assert.DoesNotContain("not encrypted", Talk, StringComparison.Ordinal);
        using var client = Trusting(issued);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(url, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.MisdirectedRequest,
            (await client.GetAsync(new Uri($"https://other.internal:{new Uri(url).Port}/"), Ending)).StatusCode);
        await Stopped();
    }

    [Fact]
    public async Task A_name_that_it_was_given_signs_in_over_TLS_with_a_cookie_that_goes_nowhere_else()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "token"), "a token that somebody set\n", Ending);
        using var issued = Issue("rack.internal");
        var url = await Started("console", "--host", "rack.internal", "--token-file", "token", "--certificate", "rack.pem",
            "--key", "rack.key");
        using var client = Trusting(issued);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(url, Ending)).StatusCode);
        using var form = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent([new("token", "a token that somebody set")]),
            Headers = { { "Origin", url.Replace("/sign-in", "", StringComparison.Ordinal) } },
        };
        using var signedIn = await client.SendAsync(form, Ending);
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        Assert.Contains("; secure;", signedIn.Headers.GetValues("Set-Cookie").First(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(new Uri(url), "/"), Ending)).StatusCode);
        await Stopped();
    }

    [Theory]
    [InlineData("rack.example.org", "https://rack.example.org", HttpStatusCode.SeeOther)]
    [InlineData("RACK.example.org:8080", "http://RACK.example.org:8080", HttpStatusCode.SeeOther)]
    [InlineData("rack.example.org", "https://other.example.org", HttpStatusCode.Forbidden)]
    [InlineData("other.example.org", "https://other.example.org", HttpStatusCode.MisdirectedRequest)]
    public async Task Behind_a_proxy_it_answers_to_the_names_that_it_was_given_and_to_no_other(string host,
        string origin, HttpStatusCode status)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "token"), "a token that somebody set\n", Ending);
        var url = await Started("console", "--host", "name.internal", "--host", "rack.example.org", "--token-file", "token");
        Assert.StartsWith("http://127.0.0.1:", url, StringComparison.Ordinal);
        using var client = Browsing();
        using var form = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent([new("token", "a token that somebody set")]),
            Headers = { { "Origin", origin } },
        };
        form.Headers.Host = host;
        using var answer = await client.SendAsync(form, Ending);
        Assert.Equal(status, answer.StatusCode);
        var isSecure = answer.Headers.TryGetValues("Set-Cookie", out var set) && set.Single().Contains("; secure;", StringComparison.Ordinal);
        Assert.Equal(status == HttpStatusCode.SeeOther && origin.StartsWith("https:", StringComparison.Ordinal), isSecure);
        await Stopped();
    }

    private readonly CancellationTokenSource _interrupt = new();
    private Task<int> _running = Task.FromResult(0);
    private string _opened = "";

    /// <summary>Gives the address that it printed, once the browser is to be opened.</summary>
    private async Task<string> Started(params string[] words)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Browse = page =>
        {
            _opened = page;
            opened.SetResult();
            return "there is none";
        };
        _running = Begin(_at, _interrupt.Token, words);
        if (await Task.WhenAny(opened.Task, _running) == _running) throw new InvalidOperationException(Talk);
        await Patience.Until(() => Talk.Contains("couldn't open a browser", StringComparison.Ordinal));
        return words.Contains("--json") ? JsonDocument.Parse(Data).RootElement.GetProperty("url").GetString()! : Data.TrimEnd('\n');
    }

    private async Task<(ScriptedDriver Driver, string Url)> StartedWithARelease()
    {
        await Rack.Store.App(cancel: Ending);
        var driver = new ScriptedDriver(Rack);
        Rack.DrivenBy = driver;
        await Rack.Store.Release(cancel: Ending);
        return (driver, await Started("console"));
    }

    private static async Task<HttpClient> SignedIn(string url)
    {
        var client = Browsing();
        await client.GetAsync(url, Ending);
        return client;
    }

    /// <summary>Presses Promote.</summary>
    private static async Task<HttpResponseMessage> Promoted(HttpClient client, string url)
    {
        var page = await client.GetStringAsync(new Uri(new Uri(url), "/apps/hello/releases"), Ending);
        using var pressed = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(url), "/apps/hello/releases/v1/promote"))
        {
            Content = new FormUrlEncodedContent([new("guard", page.Split("name=\"guard\" value=\"")[1].Split('"')[0])]),
            Headers = { { "Sec-Fetch-Site", "same-origin" } },
        };
        return await client.SendAsync(pressed, Ending);
    }

    /// <summary>Returns once nobody can sign in.</summary>
    private static async Task Refused(string url)
    {
        try
        {
            while (true)
            {
                using var client = new System.Net.Sockets.TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, new Uri(url).Port, Ending);
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // As it should be.
        }
    }

    private async Task<int> Stopped()
    {
        await _interrupt.CancelAsync();
        return await _running;
    }

    /// <summary>Writes a certificate and its key as files.</summary>
    private X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var issued = request.CreateSelfSigned(A.Moment.AddDays(-1), A.Moment.AddYears(50));
        File.WriteAllText(Path.Combine(Folder, "rack.pem"), issued.ExportCertificatePem());
        File.WriteAllText(Path.Combine(Folder, "rack.key"), key.ExportPkcs8PrivateKeyPem());
        return issued;
    }

    /// <summary>A browser that knows this certificate and finds every name on this machine.</summary>
    private static HttpClient Trusting(X509Certificate2 issued) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == issued.GetCertHashString() },
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    });

    private static HttpClient Browsing() => Releases.Tool.Tests.Browsing.NewClient();
}
