using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Releases.Testing.Simulation.Models;

namespace Releases.Testing.Simulation;

/// <summary>A service of AWS that speaks the Query protocol, on loopback: a form in, XML out.</summary>
/// <param name="service">Its id in the model, as <c>IAM</c>.</param>
/// <param name="names">The namespace of its XML.</param>
internal abstract class SimulatedQueryService(string service, XNamespace names) : LoopbackServer
{
    /// <summary>Holds each request and each response against AWS's model of the service.</summary>
    public ModelCheck Model { get; } = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Model.Require();
    }

    /// <summary>The result of an action. Refuses with <see cref="ServiceError"/>.</summary>
    protected abstract IEnumerable<XElement> Handle(string action, IReadOnlyDictionary<string, string> form, HttpRequest request);

    protected override async Task Respond(HttpContext context)
    {
        var form = (await context.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString());
        var action = form["Action"];
        var operation = AwsModels.ByTarget?.GetValueOrDefault($"{service}.{action}");
        if (Model.Request($"{service}.{action}", QueryDocument.From(form, operation?.Input)) is { } illegal)
        {
            await Write(context, 400, Error("ValidationError", illegal));
            return;
        }

        XElement result;
        try
        {
            result = new($"{action}Result", Handle(action, form, context.Request));
        }
        catch (ServiceError error)
        {
            await Write(context, 403, Error(error.Code, error.Message));
            return;
        }

        Model.Response($"{service}.{action}", 200, QueryDocument.From(result, operation?.Output));
        await Write(context, 200, new($"{action}Response", result, new XElement("ResponseMetadata", new XElement("RequestId", "1"))));
    }

    private static XElement Error(string code, string message) => new(
        "ErrorResponse",
        new XElement("Error", new XElement("Type", "Sender"), new XElement("Code", code), new XElement("Message", message)));

    private Task Write(HttpContext context, int status, XElement document)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "text/xml");
        return context.Response.WriteAsync(Qualified(document).ToString());
    }

    private XElement Qualified(XElement element) => new(
        names + element.Name.LocalName, element.HasElements ? element.Elements().Select(Qualified) : element.Value);
}
