using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class AttackTests : Browsing
{
    private Release _release = null!;

    private protected override async Task Arrange()
    {
        await base.Arrange();
        _release = await Rack.Store.Release(cancel: Ending);
    }

    private string Promote => $"/apps/hello/releases/{_release.Id}/promote";

    [Theory]
    [InlineData("rebound.example")]
    [InlineData("127.0.0.1.rebound.example")]
    [InlineData("hello.localhost")]
    [InlineData("10.0.0.5")]
    [InlineData("")]
    public async Task A_name_that_is_not_its_own_is_not_answered_to(string host)
    {
        var refused = await Raw(
            $"GET / HTTP/1.1\r\nHost: {(host.Length > 0 ? $"{host}:{Address.Port}" : "")}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith(host.Length > 0 ? "HTTP/1.1 421 " : "HTTP/1.1 4", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("hello<", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task Its_own_names_are_with_its_own_port(string host)
    {
        Assert.Equal(HttpStatusCode.OK, (await Get("/", request => request.Headers.Host = $"{host}:{Address.Port}")).Status);
        Assert.Equal(HttpStatusCode.MisdirectedRequest,
            (await Get("/", request => request.Headers.Host = $"{host}:{Address.Port + 1}")).Status);
    }

    [Theory]
    [InlineData("https://elsewhere.example", null)]
    [InlineData("null", null)]
    [InlineData("http://127.0.0.1:20000", null)]
    [InlineData(null, "cross-site")]
    [InlineData(null, "same-site")]
    [InlineData(null, null)]
    public async Task A_form_of_another_page_does_nothing(string? origin, string? site)
    {
        var guard = Guard((await Get("/apps/hello/releases")).Html);
        var refused = await Send(HttpMethod.Post, Promote, [("guard", guard)], request =>
        {
            if (origin is not null) request.Headers.Add("Origin", origin);
            if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        });
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("so nothing was done.", refused.Text, StringComparison.Ordinal);
        Assert.Empty(Driver.Begun);
    }

    [Fact]
    public async Task Behind_a_proxy_that_names_another_host_both_are_said_and_what_passes_the_host_on()
    {
        var refused = await Send(HttpMethod.Post, "/sign-in", [("token", "x")], request =>
        {
            request.Headers.Add("Origin", "http://rack.internal:9700");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
        });
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains($"sent by a page at 'rack.internal:9700', but to the host '{Address.Authority}'", refused.Text, StringComparison.Ordinal);
        Assert.Contains("proxy_set_header Host $http_host;", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_what_its_page_was_given_does_nothing()
    {
        await Get("/apps/hello/releases");
        foreach (var forged in new[] { "", "guess", new string('A', 43) })
        {
            var refused = await Send(HttpMethod.Post, Promote, [("guard", forged)],
                request => request.Headers.Add("Origin", Address.ToString().TrimEnd('/')));
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        }

        Assert.Empty(Driver.Begun);
        Assert.Equal(HttpStatusCode.SeeOther, (await Press(Promote)).Status);
        Assert.Single(Driver.Begun);
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.OK)]
    [InlineData("HEAD", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", HttpStatusCode.MethodNotAllowed)]
    public async Task Only_a_form_presses_a_button(string method, HttpStatusCode refused)
    {
        Assert.Equal(refused, (await Send(new(method), Promote, null)).Status);
        Assert.Empty(Driver.Begun);
    }

    [Fact]
    public async Task What_is_no_plain_form_is_refused()
    {
        foreach (var content in new HttpContent[] { new MultipartFormDataContent { { new StringContent("x"), "file", "x" } },
            new StringContent("{}", Encoding.UTF8, "application/json") })
        {
            var refused = await Send(HttpMethod.Post, Promote, null, request =>
            {
                request.Content = content;
                request.Headers.Add("Sec-Fetch-Site", "same-origin");
            });
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.Status);
        }
    }

    [Fact]
    public async Task A_form_of_100_MB_is_refused_before_it_is_read()
    {
        await Get("/apps/hello/environment");
        var refused = await Send(HttpMethod.Post, "/apps/hello/environment", null, request =>
        {
            request.Content = new ByteArrayContent(new byte[100 * 1024 * 1024])
            { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } };
            request.Headers.ExpectContinue = true;
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
        });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.Status);
        Assert.Contains("larger than the console takes, which is 1 MB; nothing was done.", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/assets/../console.css")]
    [InlineData("/assets/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/assets/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/../../etc/passwd")]
    [InlineData("/apps/..%2f..%2fetc/releases")]
    public async Task No_path_leads_out(string path)
    {
        var answer = await Raw($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{Address.Port}\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_what_no_page_does()
    {
        foreach (var path in new[] { "/", "/apps/hello/releases", "/assets/console.js", "/no/such/page" })
        {
            var headers = (await Get(path)).Headers;
            Assert.Equal(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                headers["Content-Security-Policy"]);
            Assert.Equal("nosniff", headers["X-Content-Type-Options"]);
            Assert.Equal("same-origin", headers["Referrer-Policy"]);
            Assert.DoesNotContain("Server", headers.Keys);
            if (!path.StartsWith("/assets", StringComparison.Ordinal)) Assert.Equal("no-store", headers["Cache-Control"]);
        }
    }

    [Fact]
    public async Task What_others_wrote_is_text_on_every_page()
    {
        const string script = "<script>alert(1)</script>";
        const string encoded = "&lt;script&gt;alert(1)&lt;/script&gt;";
        var release = await Rack.Store.Release(with: r => r with { Description = script, Commit = "\"><b>", CreatedBy = script },
            cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        await Rack.Store.ChangeApp(A.App, a => a with { Hold = new(script, A.Moment, script) }, A.Event(EventKind.AppLocked), Ending);
        Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-1", release.Id, script));
        Rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", null, 1, 1, 1, release.Id, script));
        foreach (var page in new[] { "releases", $"releases/{release.Id}", $"releases/{release.Id}/promote", "compare", "services", "logs",
            "promotions", "events", "environment" })
        {
            var html = (await Get($"/apps/hello/{page}")).Html;
            Assert.DoesNotContain(script, html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\"><b>", html, StringComparison.Ordinal);
            Assert.Contains(encoded, html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_page_has_a_script_or_a_style_in_it_or_asks_another_host()
    {
        foreach (var page in new[] { "/", "/apps/hello/releases", "/apps/hello/environment", "/apps/hello/promotions",
            "/apps/hello/services", "/apps/hello/logs", "/apps/hello/builds", "/apps/hello/events", "/apps/hello/compare",
            $"/apps/hello/releases/{_release.Id}", $"/apps/hello/releases/{_release.Id}/promote" })
        {
            var html = (await Get(page)).Html;
            Assert.DoesNotMatch(
                "<script(?! src=\"/assets/console.js\" defer></script>)| style=| on[a-z]+=|<style|(src|href|action)=\"(?!/|#)", html);
        }
    }

    [Fact]
    public async Task More_pages_than_can_be_kept_up_to_date_are_told_so()
    {
        var open = new List<StreamReader>();
        var browser = NewBrowser();
        for (var i = 0; i < EventStreams.MaxStreams; i++)
        {
            if (i % EventStreams.MaxPerSession == 0) browser = NewBrowser();
            open.Add(await Listen("/apps/hello/live", by: browser));
        }

        for (var asked = open.Count; asked < 10_000; asked++)
        {
            var refused = await Get("/apps/hello/live");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
            Assert.Contains("64 others already are, which is the limit", refused.Text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await Get("/apps/hello/releases")).Status);
        open.ForEach(o => o.Dispose());
    }

    [Fact]
    public async Task Something_unexpected_is_a_plain_page_and_a_line_on_the_terminal()
    {
        Driver.BeforeItsResponse = () => throw new InvalidOperationException("boom");
        await Get("/apps/hello/releases");
        var failed = await Press(Promote);
        Assert.Equal(HttpStatusCode.InternalServerError, failed.Status);
        Assert.Contains("CONVOX0099", failed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("boom", failed.Html, StringComparison.Ordinal);
        Assert.Contains("error CONVOX0099: boom.", Terminal.Talk.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> Raw(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, Ending);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Ending);
        using var reader = new StreamReader(socket.GetStream());
        return await reader.ReadToEndAsync(Ending);
    }
}
